// Periods: drawn between two bounds, or chosen from a list with weights.

import {
  ASK_CHOICES,
  ASK_PERIOD_LEAST,
  ASK_PERIOD_MOST,
  ASK_PERIOD_MULTIPLE,
  ASK_PERIODS,
  CHOICE_PERIOD,
  CHOICE_WEIGHT,
  PERIODS_LOG_UNIFORM,
  PERIODS_UNIFORM,
} from "./abi";
import { firstBelow, firstUnit } from "./numbers";
import { asked, askedOfChoice } from "./request";

/** A period from the first number of the last draw. */
export function drawnPeriod(): f64 {
  const kind = <i32>asked(ASK_PERIODS);
  if (kind == PERIODS_LOG_UNIFORM) return logUniform();
  return kind == PERIODS_UNIFORM ? uniform() : chosen();
}

/**
 * Logarithms uniform between the bounds, rounded down to a multiple; the upper bound is one multiple further, so that it
 * is reached like the others. Emberson, Stafford & Davis, WATERS 2010.
 */
function logUniform(): f64 {
  const least = asked(ASK_PERIOD_LEAST);
  const most = asked(ASK_PERIOD_MOST);
  const multiple = asked(ASK_PERIOD_MULTIPLE);
  const span = NativeMath.log((most + multiple) / least);
  const period = floor((least * NativeMath.exp(firstUnit() * span)) / multiple) * multiple;
  return max(least, min(most, period)); // e^x may differ from the bounds in the last bit
}

/** Every multiple with the same chance. */
function uniform(): f64 {
  const least = asked(ASK_PERIOD_LEAST);
  const multiple = asked(ASK_PERIOD_MULTIPLE);
  const count = <u64>((asked(ASK_PERIOD_MOST) - least) / multiple) + 1;
  return least + <f64>firstBelow(count) * multiple;
}

/** With the chances of the weights, exactly. */
function chosen(): f64 {
  const count = <i32>asked(ASK_CHOICES);
  let all: u64 = 0;
  for (let choice = 0; choice < count; choice++) all += <u64>askedOfChoice(choice, CHOICE_WEIGHT);
  let rest = firstBelow(all);
  let choice = 0;
  while (rest >= <u64>askedOfChoice(choice, CHOICE_WEIGHT)) rest -= <u64>askedOfChoice(choice++, CHOICE_WEIGHT);
  return askedOfChoice(choice, CHOICE_PERIOD);
}
