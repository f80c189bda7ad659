// DingTalk's look: each phone has the chat with the robot, its groups, and work notifications.

import { DingPhone } from "./phone.js";

export const dingtalk = {
  name: "钉钉",
  icon: "/static/dingtalk/icon.svg",
  example: "robot/oToMessages/batchSend",
  Phone: DingPhone,
  guest: () => null,
};
