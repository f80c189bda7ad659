// The strip on top: whose company this is, the virtual clock, and the two drawers.

import { h, icon, post } from "./dom.js";
import { inChina, nowUnix, untilMorning } from "./time.js";

const STEPS = [
  ["+10 分钟", 600],
  ["+1 小时", 3600],
  ["+4 小时", 14400],
  ["+1 天", 86400],
];
const UNITS = [
  ["分钟", 60],
  ["小时", 3600],
  ["天", 86400],
];

export class Toolbar {
  constructor(app, look, openDrawer) {
    this.hm = h("span", { class: "clock-hm" });
    this.seconds = h("span", { class: "clock-s" });
    this.date = h("span", { class: "clock-date" });
    this.ahead = h("span", { class: "clock-ahead" });
    this.faults = h("span", { class: "count", hidden: true });
    this.lost = h("span", { class: "lost", hidden: true }, "与模拟器断开，正在重连…");
    const brand = h("div", { class: "brand" }, h("img", { src: look.icon, alt: "" }));
    brand.append(h("span", {}, h("strong", {}, app.name), h("small", {}, `${app.company} · 模拟的${look.name}`)), this.lost);
    if (app.siblings.length) brand.append(this.siblings(app, look));
    const drawers = h("div", { class: "openers" });
    for (const [name, picture, text] of [["faults", "bolt", "故障"], ["traffic", "traffic", "原始流量"]]) {
      drawers.append(h("button", { type: "button", data: { drawer: name }, on: { click: () => openDrawer(name) } }, icon(picture), text));
    }
    drawers.firstChild.append(this.faults);
    document.getElementById("toolbar").replaceChildren(brand, this.clock(), drawers);
    this.tick();
  }

  /** The switch between platforms: this one, and the pages of the others. */
  siblings(app, look) {
    const other = ({ label, url }) => h("a", { href: url }, label);
    return h("nav", { class: "platforms", "aria-label": "平台" }, h("b", { "aria-current": "page" }, look.name), app.siblings.map(other));
  }

  clock() {
    const step = ([label, seconds]) => h("button", { type: "button", on: { click: () => this.advance(seconds) } }, label);
    const morning = () => this.advance(untilMorning(nowUnix()));
    const face = h("div", { class: "clock-face" }, h("div", { class: "clock-time" }, this.hm, this.seconds), h("div", { class: "clock-day" }, this.date, this.ahead));
    const buttons = h("div", { class: "clock-steps" }, STEPS.map(step));
    buttons.append(h("button", { type: "button", on: { click: morning } }, "次日 08:30"), this.custom());
    this.face = face;
    return h("section", { class: "clock", "aria-label": "虚拟时钟" }, face, buttons);
  }

  custom() {
    const amount = h("input", { type: "number", min: 1, max: 9999, value: 30, "aria-label": "快进多少" });
    const unit = h("select", { "aria-label": "单位" }, UNITS.map(([label, seconds]) => h("option", { value: seconds }, label)));
    const submit = (event) => {
      event.preventDefault();
      if (amount.value > 0) this.advance(amount.value * unit.value);
    };
    return h("form", { class: "clock-custom", on: { submit } }, amount, unit, h("button", { type: "submit" }, "快进"));
  }

  async advance(seconds) {
    await post("clock", { advance_s: seconds });
    this.face.classList.remove("moved");
    void this.face.offsetWidth;
    this.face.classList.add("moved");
  }

  tick() {
    const now = inChina(nowUnix());
    this.hm.textContent = now.hm;
    this.seconds.textContent = now.s;
    this.date.textContent = `${now.year}年${now.date} ${now.weekday}`;
  }

  update(news) {
    const ahead = Math.round(news.clock.offset_s / 60);
    const days = Math.floor(ahead / 1440);
    const hours = Math.floor((ahead % 1440) / 60);
    const words = [days && `${days} 天`, hours && `${hours} 小时`, ahead % 60 && `${ahead % 60} 分`].filter(Boolean).join(" ");
    this.ahead.textContent = words ? `比真实时间快 ${words}` : "北京时间";
    this.faults.hidden = !news.faults.length;
    this.faults.textContent = news.faults.length;
  }

  connected(yes) {
    this.lost.hidden = yes;
  }
}
