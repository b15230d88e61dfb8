// A list of named steps with a bar, for work that takes a while.
import { element } from "./parts.js";

export class Steps {
  /** `names` are the steps and their words, in their order. */
  constructor(place, names) {
    this.items = new Map(Object.entries(names).map(([step, words]) => [step, element("li", {}, words)]));
    this.bar = element("progress", { "aria-label": "Progress", max: this.items.size, value: 0 });
    place.replaceChildren(this.bar, element("ol", { class: "steps" }, ...this.items.values()));
    this.place = place;
    place.hidden = true;
  }

  at(step, share = 0) {
    this.place.hidden = false;
    const now = [...this.items.keys()].indexOf(step);
    [...this.items.values()].forEach((item, number) => {
      item.className = number < now ? "done" : number === now ? "now" : "";
      if (number === now) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    this.bar.value = now + share;
  }

  end() {
    this.place.hidden = true;
  }
}
