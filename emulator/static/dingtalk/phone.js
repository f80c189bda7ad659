// A member's phone on DingTalk: the chat with the robot, groups and work notifications, one of them open.

import { h, icon, post } from "../dom.js";
import { Phone } from "../phone.js";
import { bubble, robotAvatar } from "./bubbles.js";
import { Pane } from "../pane.js";

const SINGLE = "";
const WORK = "工作通知";

export class DingPhone extends Phone {
  constructor(person, appName, people) {
    super(person, appName);
    this.people = new Map(people.map((one) => [one.userid, one]));
    this.groups = [];
    this.open(SINGLE);
  }

  draw(item) {
    return bubble({ item, person: this.person, people: this.people, appName: this.appName });
  }

  newPane(invitation) {
    return new Pane((item) => this.draw(item), h("div", { class: "empty" }, robotAvatar("large"), h("p", {}, invitation)));
  }

  top() {
    this.title = h("strong", {}, this.appName);
    this.caption = h("small", {}, this.person.name);
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "会话", hidden: true });
    const name = h("span", { class: "app-name" }, this.title, this.caption);
    return [h("div", { class: "top" }, icon("back"), name, icon("more")), this.tabs];
  }

  conversation() {
    this.panes = new Map([[SINGLE, this.pane]]);
    this.waiting = new Map();
    this.stage = h("div", { class: "panes" });
    return this.stage;
  }

  composer() {
    const form = super.composer();
    const insert = () => {
      if (!this.input.value.includes(`@${this.appName}`)) this.input.value = `@${this.appName} ${this.input.value}`;
      this.input.focus();
      this.input.dispatchEvent(new Event("input"));
    };
    this.at = h("button", { type: "button", class: "at-robot", title: `@${this.appName}`, hidden: true, on: { click: insert } }, "@");
    form.insertBefore(this.at, this.input);
    return form;
  }

  /** Which conversation an item is in, by the name of its tab. */
  tabOf(item) {
    return item.place ?? item.group ?? SINGLE;
  }

  put(item) {
    const tab = this.tabOf(item);
    if (!this.panes.has(tab)) {
      this.panes.set(tab, this.newPane(tab === WORK ? "还没有工作通知" : `在群里 @${this.appName}，它会听到`));
      this.drawTabs();
    }
    const fresh = this.panes.get(tab).put(item);
    if (fresh && item.from === "app") {
      if (!this.node.offsetParent) this.unread += 1;
      if (tab !== this.tab) this.waiting.set(tab, (this.waiting.get(tab) ?? 0) + 1);
      this.drawTabs();
    }
    this.markRead();
  }

  /** Open a conversation. */
  open(tab) {
    this.tab = tab;
    this.waiting.delete(tab);
    this.pane = this.panes.get(tab);
    this.stage.replaceChildren(this.pane.chat, this.pane.fresh);
    const group = this.groups.find((one) => one.name === tab);
    this.title.textContent = tab || this.appName;
    this.caption.textContent = group ? `${group.members.length + (group.robot ? 1 : 0)} 人 · ${this.person.name}` : this.person.name;
    if (this.at) {
      this.at.hidden = !group;
      this.input.disabled = tab === WORK;
      this.input.placeholder = group ? `发消息，@${this.appName} 它才听得到` : "发消息";
    }
    this.drawTabs();
    this.pane.toEnd();
    this.markRead();
  }

  drawTabs() {
    const names = [...this.panes.keys()];
    this.tabs.hidden = names.length < 2;
    const one = (tab) => {
      const badge = this.waiting.get(tab) && h("b", {}, this.waiting.get(tab) > 99 ? "99+" : this.waiting.get(tab));
      const act = () => this.open(tab);
      return h("button", { type: "button", role: "tab", "aria-selected": String(tab === this.tab), on: { click: act } }, tab || this.appName, badge);
    };
    this.tabs.replaceChildren(...names.map(one));
  }

  /** Tell the platform, soon, that what is on the screen was read. */
  markRead() {
    if (this.reading) return;
    this.reading = setTimeout(() => {
      this.reading = null;
      const fresh = [...this.pane.items.values()].find((item) => item.read === false);
      if (fresh && this.node.offsetParent) post("read", { userid: this.person.userid, conversation: fresh.conversation });
    }, 400);
  }

  toEnd() {
    super.toEnd();
    this.markRead();
  }

  news({ groups, offline }) {
    this.offline = offline;
    this.groups = groups.filter((one) => one.members.includes(this.person.userid));
    for (const { name } of this.groups) {
      if (this.panes.has(name)) continue;
      this.panes.set(name, this.newPane(`在群里 @${this.appName}，它会听到`));
      this.drawTabs();
    }
  }

  /** Say how the latest push of this member goes; without a robot on the line, say that. */
  delivery(event) {
    const lonely = this.offline && event && ["waiting", "delivering", "retrying"].includes(event.outcome);
    super.delivery(lonely ? { ...event, outcome: "retrying", note: "机器人不在线：还没有 Stream 连接", attempts: event.attempts || 1 } : event);
  }

  get accepts() {
    return "";
  }

  get adds() {
    return "发图片或文件";
  }

  kindOf(chosen) {
    return /^image\/(png|jpeg|gif|bmp)$/.test(chosen.type) ? "picture" : "file";
  }

  place() {
    return this.isGroup() ? { group: this.tab } : {};
  }

  isGroup() {
    return this.groups.some((one) => one.name === this.tab);
  }

  say(text) {
    const body = { userid: this.person.userid, text };
    if (!this.isGroup()) {
      if (this.tab === WORK) this.open(SINGLE);
      return post("say", body);
    }
    const robot = `@${this.appName}`;
    const at = [...this.people.values()].filter((one) => text.includes(`@${one.name}`)).map((one) => one.userid);
    return post("say", { ...body, group: this.tab, at, to_robot: text.includes(robot) });
  }

  hints() {
    const tapped = (text) => this.say(this.isGroup() ? `@${this.appName} ${text}` : text);
    const chip = (text) => h("button", { type: "button", class: "hint", title: text, on: { click: () => tapped(text) } }, text);
    return h("div", { class: "hints" }, this.person.hints.map(chip));
  }
}
