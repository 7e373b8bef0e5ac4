// What the rest of the program and users of the library need of `fit`.

export type { CurvePoint } from "./curve.js";
export type { Distribution } from "./distribution.js";
export { type Fit, type FitOptions, fitTrace } from "./fit.js";
export { type FitJson, fitJson } from "./json.js";
export type { PeriodicFit } from "./periodic.js";
export { fitPicture } from "./picture.js";
export {
  type DrawnServer,
  type RecordedScenario,
  type RecordedSupply,
  recordedScenario,
  recordedSupply,
  recordedTick,
} from "./recorded.js";
