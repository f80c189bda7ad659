// WeCom's look: one conversation on each phone, groups as phones nobody can type on.

import { Phone } from "./phone.js";

const ROBOT = "群机器人";

export const wecom = {
  name: "企业微信",
  icon: "/static/icon.svg",
  example: "message/send",
  Phone,

  /** The phone of a group, for an item that is on no member's. */
  guest(userid, { groups }) {
    const robot = userid.startsWith(ROBOT);
    if (!robot && !(userid in groups)) return null;
    const title = robot ? "销售群" : groups[userid];
    return { title, person: { userid, name: title, role: robot ? ROBOT : "群聊", department: "", hints: [], silent: true } };
  },
};
