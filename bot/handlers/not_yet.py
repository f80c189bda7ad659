"""What is understood and cannot be done yet: intent to what it will be. A capability takes its line away."""

LATER: dict[str, str] = {
    "churn.list": "流失预警要等订单数据接入后才有",
    "vip.dormant": "沉睡客户要等订单数据接入后才有",
    "nurture.start": "培育计划正在做。现在可以「客户 暂时没意向，半年后再说」转入培育",
    "optout": "目前聊单不给客户发邮件或短信，不需要停",
    "ticket.create": "工单正在做。现在请按公司原来的流程报修",
    "ticket.assign": "工单正在做。现在请按公司原来的流程派单",
    "import": "请管理员用命令行 liaodan import 导入，先试跑再写入",
    "access.log": "查看记录正在做。现在请联系管理员",
}
