// What is asked for, and where what was drawn goes: two flat arrays of float64 (abi.ts).

import { ASK_SIZE, CHOICE_SIZE, CHOICES_MAX, DRAWN_MAX, DRAWN_SIZE } from "./abi";

const request = memory.data((ASK_SIZE + CHOICES_MAX * CHOICE_SIZE) * 8, 64);
const answer = memory.data(DRAWN_MAX * DRAWN_SIZE * 8, 64);

export function requestPointer(): usize {
  return request;
}

export function answerPointer(): usize {
  return answer;
}

/** A number of the request. @inline */
export function asked(slot: i32): f64 {
  return load<f64>(request + ((<usize>slot) << 3));
}

/** A number of one of the periods to choose from. */
export function askedOfChoice(choice: i32, slot: i32): f64 {
  return asked(ASK_SIZE + choice * CHOICE_SIZE + slot);
}

/** Says a number of a task. */
export function say(task: i32, slot: i32, value: f64): void {
  store<f64>(answer + ((<usize>(task * DRAWN_SIZE + slot)) << 3), value);
}

/** A number of a task that was said before. */
export function said(task: i32, slot: i32): f64 {
  return load<f64>(answer + ((<usize>(task * DRAWN_SIZE + slot)) << 3));
}
