// The two panels on the right: failures to order, and what went over the line.

import { h, icon, post } from "./dom.js";

/** A panel with a title; `fill` draws its content when it opens. */
export class Drawer {
  constructor(name, title, hint) {
    this.body = h("div", { class: "drawer-body" });
    const close = h("button", { type: "button", class: "drawer-close", "aria-label": "关闭", on: { click: () => this.toggle(false) } }, icon("close"));
    const head = h("header", {}, h("span", {}, h("strong", {}, title), h("small", {}, hint)), close);
    this.node = h("aside", { class: "drawer", data: { name }, "aria-hidden": "true", inert: true }, head, this.body);
    document.getElementById("drawers").append(this.node);
  }

  get open() {
    return this.node.classList.contains("open");
  }

  toggle(open = !this.open) {
    this.node.classList.toggle("open", open);
    this.node.setAttribute("aria-hidden", String(!open));
    this.node.inert = !open;
    if (open) this.shown?.();
  }
}

export class FaultDrawer extends Drawer {
  constructor(example) {
    super("faults", "故障注入", "看看平台出错时聊单怎么办");
    this.rows = new Map();
    this.count = h("select", {}, [["", "默认次数"], ["1", "1 次"], ["3", "3 次"], ["always", "一直"]].map(([value, label]) => h("option", { value }, label)));
    this.chance = h("select", {}, [["1", "每次"], ["0.5", "一半概率"], ["0.1", "10% 概率"]].map(([value, label]) => h("option", { value }, label)));
    this.api = h("input", { type: "text", placeholder: "全部接口", title: `只对一个接口，如 ${example}`, spellcheck: "false" });
    this.load();
  }

  async load() {
    const { known } = await (await fetch("/__emu/faults")).json();
    const clear = h("button", { type: "button", class: "quiet", on: { click: () => post("fault", { clear: true }) } }, "全部关闭");
    this.body.append(h("div", { class: "fault-how" }, this.count, this.chance, this.api, clear));
    for (const group of [...new Set(known.map((fault) => fault.group))]) {
      const rows = known.filter((fault) => fault.group === group).map((fault) => this.row(fault));
      this.body.append(h("section", { class: "fault-group" }, h("h4", {}, group), rows));
    }
    this.update(this.active ?? []);
  }

  row(fault) {
    const box = h("input", { type: "checkbox", role: "switch" });
    const left = h("small", { class: "left" });
    box.addEventListener("change", () => this.order(fault.name, box.checked));
    this.rows.set(fault.name, { box, left });
    const words = h("span", {}, fault.label, h("code", {}, fault.name));
    return h("label", { class: "fault" }, words, left, box);
  }

  order(name, on) {
    if (!on) return post("fault", { name, clear: true });
    const wish = { name, probability: Number(this.chance.value), api: this.api.value.trim() || "*" };
    if (this.count.value) wish.count = this.count.value === "always" ? null : Number(this.count.value);
    return post("fault", wish).then(() => this.update(this.active ?? []));
  }

  update(active) {
    this.active = active;
    const by = new Map(active.map((fault) => [fault.name, fault]));
    for (const [name, { box, left }] of this.rows) {
      const fault = by.get(name);
      box.checked = Boolean(fault);
      left.textContent = !fault ? "" : fault.left === null ? "一直" : `还有 ${fault.left} 次`;
    }
  }
}

const OUTCOMES = { ok: "送达", retry: "将重试", failed: "失败", hostile: "恶意输入", verified: "校验通过" };

export class TrafficDrawer extends Drawer {
  constructor() {
    super("traffic", "原始流量", "聊单调用的接口，与平台投递的回调");
    this.seen = { calls: 0, deliveries: 0 };
    this.list = h("div", { class: "traffic" });
    const filter = (value, label) => h("option", { value }, label);
    const choose = h("select", { on: { change: () => (this.list.dataset.only = choose.value) } }, filter("", "全部"), filter("call", "接口调用"), filter("delivery", "回调"));
    this.body.append(h("div", { class: "fault-how" }, choose), this.list);
  }

  shown() {
    this.read();
  }

  update(traffic) {
    const text = traffic.join();
    if (text === this.text) return;
    this.text = text;
    if (this.open) this.read();
  }

  async read() {
    if (this.reading) return;
    this.reading = true;
    try {
      const fresh = [];
      for (const kind of ["calls", "deliveries"]) {
        const answer = await (await fetch(`/__emu/${kind}?since=${this.seen[kind]}`)).json();
        for (const entry of answer[kind]) {
          this.seen[kind] = entry.id;
          fresh.push([entry.at, kind === "calls" ? call(entry) : delivery(entry)]);
        }
      }
      fresh.sort(([one], [other]) => (one < other ? -1 : 1));
      for (const [, node] of fresh.slice(-300)) this.list.prepend(node);
      while (this.list.children.length > 400) this.list.lastChild.remove();
    } finally {
      this.reading = false;
    }
  }
}

function entry(kind, arrow, name, pill, good, ms, at, parts) {
  const time = new Date(at).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
  const summary = h("summary", {}, h("i", {}, arrow), h("strong", {}, name), h("em", { class: good ? "good" : "bad" }, pill), h("small", {}, `${ms} ms`), h("time", {}, time));
  const blocks = parts.filter(([, text]) => text).map(([label, text]) => h("div", {}, h("h5", {}, label), h("pre", {}, pretty(text))));
  return h("details", { class: `entry ${kind}` }, summary, blocks);
}

function call(one) {
  const good = one.status === 200 && (one.errcode === 0 || one.errcode === "0");
  const query = new URLSearchParams(one.query).toString();
  const pill = one.status === 200 ? (one.errcode ?? "—") : `HTTP ${one.status}`;
  return entry("call", "←", one.api, pill, good, one.ms, one.at, [["请求", `${one.method} ?${decodeURIComponent(query)}`], ["请求体", one.body], ["应答", one.answer]]);
}

function delivery(one) {
  const event = /<Event><!\[CDATA\[(.*?)\]\]>/.exec(one.plaintext)?.[1];
  const type = /<MsgType><!\[CDATA\[(.*?)\]\]>/.exec(one.plaintext)?.[1];
  const good = one.outcome === "ok" || one.outcome === "verified";
  const pill = `${OUTCOMES[one.outcome] ?? one.outcome} ${one.status ?? one.note}`;
  const number = one.attempt > 1 ? `（第 ${one.attempt} 次）` : "";
  const reply = one.reply ? JSON.stringify(one.reply) : "";
  return entry("delivery", "→", `${one.name ?? event ?? type ?? "校验"}${number}`, pill, good, one.ms, one.at, [
    ["说明", one.note],
    ["明文", one.plaintext],
    ["地址", [one.url, new URLSearchParams(one.query)].filter((part) => `${part}`).join("?")],
    ["密文", one.body],
    ["应答", one.answer],
    ["应答明文", reply],
  ]);
}

function pretty(text) {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }
  return text.replace(/(?<!\]\])>(?=<(?!!))/g, ">\n");
}
