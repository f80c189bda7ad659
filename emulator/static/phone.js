// One member's phone: frame, conversation, input, menu, and how the platform is doing for them.

import { appAvatar, bubble } from "./bubbles.js";
import { h, icon, opened, post, toast } from "./dom.js";
import { Pane } from "./pane.js";
import { inChina, nowUnix } from "./time.js";

const NOTE_MS = 8000;

export class Phone {
  constructor(person, appName) {
    this.person = person;
    this.appName = appName;
    this.unread = 0;
    this.clock = h("span", { class: "status-time" });
    this.note = h("div", { class: "note", role: "status" });
    this.menu = h("div", { class: "menu", hidden: true });
    this.input = h("input", { type: "text", enterkeyhint: "send", autocomplete: "off", placeholder: "发消息", "aria-label": `${person.name}说` });
    this.pane = this.newPane(`和「${appName}」说句话，或点下面的短语`);
    this.node = this.build();
    this.tick();
  }

  newPane(invitation) {
    return new Pane((item) => this.draw(item), h("div", { class: "empty" }, appAvatar("large"), h("p", {}, invitation)));
  }

  draw(item) {
    return bubble(this.person, item);
  }

  build() {
    const { person } = this;
    const bar = h("div", { class: "status" }, this.clock, h("span", { class: "island" }), h("span", { class: "status-icons" }, icon("signal"), h("i")));
    const bottom = person.silent ? null : [this.composer(), this.menu];
    const glass = h("div", { class: "glass" }, bar, this.top(), this.conversation(), this.note, bottom, h("div", { class: "home" }));
    const node = h("figure", { class: "phone", data: { userid: person.userid } }, h("div", { class: "frame" }, glass));
    node.append(person.silent ? h("div", { class: "hints" }, "这里只看得到应用发的消息") : this.hints());
    return node;
  }

  top() {
    const name = h("span", { class: "app-name" }, h("strong", {}, this.appName), h("small", {}, this.person.silent ? this.person.role : this.person.name));
    return h("div", { class: "top" }, icon("back"), name, icon("people"));
  }

  conversation() {
    return [this.pane.chat, this.pane.fresh];
  }

  composer() {
    const picker = h("input", { type: "file", accept: this.accepts, hidden: true, "aria-label": this.adds });
    picker.addEventListener("change", () => this.sendChosen(picker));
    const button = h("button", { type: "submit", class: "send", "aria-label": "发送", disabled: true }, icon("send"));
    this.input.addEventListener("input", () => (button.disabled = !this.input.value.trim()));
    const submit = (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (!text) return;
      this.input.value = "";
      button.disabled = true;
      this.say(text);
    };
    const add = h("button", { type: "button", class: "add", title: this.adds, on: { click: () => picker.click() } }, icon("plus"));
    this.input.addEventListener("keydown", (event) => event.isComposing && event.key === "Enter" && event.stopPropagation());
    return h("form", { class: "composer", on: { submit } }, add, this.input, button, picker);
  }

  hints() {
    const chip = (text) => h("button", { type: "button", class: "hint", title: text, on: { click: () => this.say(text) } }, text);
    return h("div", { class: "hints" }, this.person.hints.map(chip));
  }

  /** What members can send to the app besides words. */
  get accepts() {
    return "image/png,image/jpeg";
  }

  get adds() {
    return "发图片";
  }

  /** As what a chosen file goes out. */
  kindOf() {
    return "picture";
  }

  /** Where pictures and files go besides this member's chat with the app. */
  place() {
    return {};
  }

  say(text) {
    return post("say", { userid: this.person.userid, text });
  }

  async sendChosen(picker) {
    const [chosen] = picker.files;
    picker.value = "";
    if (!chosen) return;
    const query = new URLSearchParams({ userid: this.person.userid, filename: chosen.name, ...this.place() });
    const response = await fetch(`/__emu/${this.kindOf(chosen)}?${query}`, { method: "POST", body: chosen });
    if (!response.ok) toast((await response.json()).error ?? "没有发出");
  }

  /** Show an item; one of the app's that nobody looks at counts as unread. */
  put(item) {
    const fresh = this.pane.put(item);
    if (fresh && item.from === "app" && !this.node.offsetParent) this.unread += 1;
  }

  toEnd() {
    this.pane.toEnd();
  }

  /** Take what the platform says besides the items. */
  news({ menu }) {
    this.setMenu(menu);
  }

  tick() {
    this.clock.textContent = inChina(nowUnix()).hm;
  }

  /** Say quietly how the latest callback of this member goes. */
  delivery(event) {
    if (!event || event.key === this.noted) return;
    this.noted = event.key;
    clearTimeout(this.noteTimer);
    const show = (text, kind) => {
      this.note.textContent = text;
      this.note.className = `note shown ${kind}`;
    };
    const hide = () => (this.note.className = "note");
    if (event.outcome === "delivering" || event.outcome === "waiting") this.noteTimer = setTimeout(() => show("正在送达…", ""), 250);
    else if (event.outcome === "retrying") show(`${event.note || "正在重试"}（第 ${event.attempts} 次）`, "warn");
    else if (event.outcome === "delivered" && !event.note) hide();
    else {
      show(event.note, event.outcome === "delivered" ? "warn" : "bad");
      this.noteTimer = setTimeout(hide, NOTE_MS);
    }
  }

  /** Draw the app's menu, or take it away. */
  setMenu(menu) {
    const text = JSON.stringify(menu);
    if (text === this.menuText) return;
    this.menuText = text;
    this.menu.hidden = !menu;
    this.menu.replaceChildren(...(menu?.button ?? []).map((button) => this.menuButton(button)));
  }

  menuButton(button) {
    const subs = button.sub_button ?? [];
    if (!subs.length) return h("div", { class: "menu-item" }, this.tap(button, button.name));
    const list = h("div", { class: "menu-sub", hidden: true }, subs.map((sub) => this.tap(sub, sub.name)));
    const toggle = () => (list.hidden = !list.hidden);
    list.addEventListener("click", toggle);
    const opener = h("button", { type: "button", on: { click: toggle } }, icon("menu"), button.name);
    return h("div", { class: "menu-item" }, list, opener);
  }

  tap(button, label) {
    const act = () => {
      const key = button.key ?? button.url ?? button.pagepath ?? "";
      post("menu", { userid: this.person.userid, event: button.type, key });
      if (button.type === "view") window.open(opened(this.person.userid, button.url), "_blank", "noopener");
    };
    return h("button", { type: "button", on: { click: act } }, label);
  }
}
