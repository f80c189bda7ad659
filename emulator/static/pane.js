// One conversation on a phone: its items in order, each replaced in place when it changes.

import { h } from "./dom.js";
import { separator } from "./time.js";

const PAUSE_S = 300; // a longer silence gets a line with the time
const NEAR_END = 120;

/** What of an item is worth drawing attention to when it changes. */
const looks = ({ content, state, failed }) => JSON.stringify([content, state, failed]);

/** What of an item is drawn at all: that it was read shows nowhere, and a form being filled in outlives it. */
const shown = ({ read, read_ms, version, ...drawn }) => JSON.stringify(drawn);

export class Pane {
  /** `draw(item)` makes a node, `empty` is shown until the first item comes. */
  constructor(draw, empty) {
    this.draw = draw;
    this.nodes = new Map();
    this.items = new Map();
    this.looks = new Map();
    this.last = 0;
    this.stuck = true;
    this.empty = empty;
    this.chat = h("div", { class: "chat", on: { scroll: () => this.seen() } }, empty);
    this.fresh = h("button", { type: "button", class: "fresh", hidden: true, on: { click: () => this.toEnd() } }, "↓ 新消息");
    const stay = () => this.stuck && this.toEnd();
    new ResizeObserver(stay).observe(this.chat);
    this.chat.addEventListener("load", stay, true); // a picture takes its room only when it has come
  }

  /** Show a new item, or put a changed one in the place of the old; true when it is new. */
  put(item) {
    const old = this.nodes.get(item.id);
    if (item.state === "recalled") {
      old?.remove();
      this.items.delete(item.id);
      return false;
    }
    const was = this.items.get(item.id);
    this.items.set(item.id, item);
    if (was && shown(was) === shown(item)) return false;
    const drawn = this.draw(item);
    this.nodes.set(item.id, drawn);
    const look = looks(item);
    if (old) {
      drawn.classList.add("known");
      drawn.classList.toggle("changed", look !== this.looks.get(item.id));
      this.looks.set(item.id, look);
      old.replaceWith(drawn);
      return false;
    }
    this.looks.set(item.id, look);
    const near = this.nearEnd();
    this.empty.remove();
    if (item.at - this.last > PAUSE_S) this.chat.append(h("div", { class: "when" }, separator(item.at)));
    this.last = item.at;
    this.chat.append(drawn);
    if (near || item.from === "member") this.toEnd();
    else this.fresh.hidden = false;
    return true;
  }

  nearEnd() {
    return this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < NEAR_END;
  }

  toEnd() {
    this.fresh.hidden = true;
    this.chat.scrollTop = this.chat.scrollHeight;
  }

  seen() {
    this.stuck = this.nearEnd();
    if (this.stuck) this.fresh.hidden = true;
  }
}
