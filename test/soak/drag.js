// Runs in the page: moves a slider as a mouse with three events a frame does, and watches what the page does meanwhile.

/** @param selector of the slider @param frames in which it is moved */
globalThis.drag = async (selector, frames) => {
  const slider = document.querySelector(selector);
  const [gantt, counters] = [document.querySelector(".gantt"), document.querySelector("#counters")];
  const nodes = () => [...gantt.querySelectorAll("svg, g, .name"), ...counters.querySelectorAll("td")];
  const title = gantt.querySelector(".title");
  const [before, rows] = [
    gantt.querySelector("svg"),
    nodes().filter((node) => !gantt.querySelector(".legend").contains(node)),
  ];
  const seen = { moves: 0, drawn: 0, drawnTwice: 0, replaced: 0, unchanged: [], jumps: 0, addresses: 0 };

  // A drawing sets the label of the picture; that of a run is another one than that of the run before.
  let drawings = 0;
  new MutationObserver((records) => {
    drawings += records.filter(
      ({ target, attributeName }) => target === before && attributeName === "aria-label",
    ).length;
    for (const { addedNodes } of records) seen.replaced += addedNodes.length;
  }).observe(gantt, { subtree: true, childList: true, attributes: true });
  new MutationObserver((records) => {
    for (const { oldValue, target } of records) if (oldValue === target.nodeValue) seen.unchanged.push(oldValue);
  }).observe(counters, { subtree: true, characterData: true, characterDataOldValue: true });
  const replaceState = history.replaceState.bind(history);
  history.replaceState = (...state) => {
    seen.addresses++;
    replaceState(...state);
  };

  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let value = Number(slider.value);
  for (let number = 0; number < frames + 3; number++) {
    await frame();
    if (drawings > 0) seen.drawn++;
    if (drawings > 1) seen.drawnTwice++;
    drawings = 0;
    if (seen.moves > 0 && Number(slider.value) !== value) seen.jumps++;
    for (let event = 0; event < 3 && number < frames; event++) {
      value -= Number(slider.step) * (event === 1 ? -1 : 1); // there and back: one step a frame
      slider.value = String(value);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      seen.moves++;
    }
  }
  const addresses = seen.addresses;
  const kept = gantt.contains(title) && rows.every((node) => node.isConnected);
  return { ...seen, addresses, replaced: seen.replaced / Math.max(1, seen.drawn), kept };
};
