// What the rest of the program and users of the library need of `fit`.

export { type Fit, type FitOptions, fitEach, fitTrace } from "./fit.js";
export type { CurvePoint } from "./measure/curve.js";
export type { Distribution } from "./measure/distribution.js";
export type { PeriodicFit } from "./measure/periodic.js";
export {
  type DrawnServer,
  type RecordedScenario,
  type RecordedSupply,
  recordedScenario,
  recordedSupply,
  recordedTick,
} from "./measure/recorded.js";
export type { Completeness, CompletenessVerdict } from "./read/completeness.js";
export { type FitJson, fitJson } from "./write/json.js";
export { fitPicture } from "./write/picture.js";
