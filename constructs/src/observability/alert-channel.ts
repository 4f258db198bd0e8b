import type { SecretKey } from '../service-props';
import {
  type Channel,
  emailChannel,
  pagerDutyChannel,
  slackChannel,
  smsChannel,
  telegramChannel,
  webhookChannel,
  weChatChannel,
} from './private/alert-channels';

/** The server that takes e-mail. */
export interface AlertMailServer {
  /** Host and port, e.g. "smtp.example.com:587". */
  readonly address: string;
  /** Who sends. */
  readonly sender: string;
  /** @default - no authentication */
  readonly username?: string;
  /** @default - no authentication */
  readonly password?: SecretKey;
  /** Whether nothing is sent without TLS. @default true */
  readonly requireTls?: boolean;
}

export interface EmailChannelOptions {
  /** To whom. */
  readonly to: string[];
  readonly server: AlertMailServer;
  /** @default - as Alertmanager writes it */
  readonly subject?: string;
}

export interface SlackChannelOptions {
  /** Key with the address of the incoming webhook. */
  readonly webhook: SecretKey;
  /** @default - that of the webhook */
  readonly channel?: string;
}

/** A server that takes what Alertmanager posts (its webhook format): the notification centre of a company, for instance. One of `url` and `urlSecret`. */
export interface WebhookChannelOptions {
  /** Where to. It stands in plans: an address with a token in it belongs into `urlSecret`. */
  readonly url?: string;
  /** Key with the address. */
  readonly urlSecret?: SecretKey;
  /** Key with a token, sent as "Authorization: Bearer …". @default - none */
  readonly bearerToken?: SecretKey;
  /** How many alerts of a group are sent at most. @default - all */
  readonly maxAlerts?: number;
}

/** A group chat, reached through an adapter that turns what Alertmanager posts into the chat's format and signs it: the token of the robot is a secret of the adapter. */
export interface ChatAdapterOptions {
  /** The adapter's address for this group, e.g. "http://dingtalk-adapter.monitoring:8060/dingtalk/oncall/send". */
  readonly adapter: string;
}

/** An application of WeChat Work. At least one of `toUsers`, `toParties` and `toTags`. */
export interface WeChatChannelOptions {
  readonly corpId: string;
  readonly agentId: string;
  readonly apiSecret: SecretKey;
  /** @default - nobody by name */
  readonly toUsers?: string[];
  /** Ids of departments. @default - none */
  readonly toParties?: string[];
  /** Ids of tags. @default - none */
  readonly toTags?: string[];
}

/** Short messages by Amazon SNS. One of `phoneNumber` and `topicArn`. */
export interface SmsChannelOptions {
  readonly region: string;
  /** E.164, e.g. "+8613800138000". */
  readonly phoneNumber?: string;
  readonly topicArn?: string;
  /** @default - the role of the pod */
  readonly accessKey?: SecretKey;
  /** @default - the role of the pod */
  readonly secretKey?: SecretKey;
}

export interface PagerDutyChannelOptions {
  /** Key with the integration key (Events API v2). */
  readonly routingKey: SecretKey;
  /** @default - that of the alert: page is critical, everything else a warning */
  readonly severity?: string;
}

export interface TelegramChannelOptions {
  readonly botToken: SecretKey;
  readonly chatId: number;
}

/** A way on which alerts reach people or machines. Secrets are those of the namespace of the Alertmanager. */
export class AlertChannel {
  /** E-mail. */
  public static email(options: EmailChannelOptions): AlertChannel {
    return new AlertChannel(emailChannel(options));
  }

  /** Slack, by an incoming webhook. */
  public static slack(options: SlackChannelOptions): AlertChannel {
    return new AlertChannel(slackChannel(options));
  }

  /** Anything that takes what Alertmanager posts. */
  public static webhook(options: WebhookChannelOptions): AlertChannel {
    return new AlertChannel(webhookChannel(options));
  }

  /**
   * KubeSphere's Notification Manager, which brings alerts to the receivers of KubeSphereNotifications (notification-manager README.md: port 19093).
   * @param namespaceName where it runs; by default "kubesphere-monitoring-system"
   */
  public static kubeSphere(namespaceName = 'kubesphere-monitoring-system'): AlertChannel {
    const url = `http://notification-manager-svc.${namespaceName}.svc:19093/api/v2/alerts`;
    return new AlertChannel(webhookChannel({ url }));
  }

  /** A group of DingTalk, through an adapter: Alertmanager itself knows no DingTalk. */
  public static dingTalk(options: ChatAdapterOptions): AlertChannel {
    return new AlertChannel(webhookChannel({ url: options.adapter }));
  }

  /** A group of Feishu (Lark), through an adapter: Alertmanager itself knows no Feishu. */
  public static feishu(options: ChatAdapterOptions): AlertChannel {
    return new AlertChannel(webhookChannel({ url: options.adapter }));
  }

  /** WeChat Work. */
  public static weChat(options: WeChatChannelOptions): AlertChannel {
    return new AlertChannel(weChatChannel(options));
  }

  /** Short messages. */
  public static sms(options: SmsChannelOptions): AlertChannel {
    return new AlertChannel(smsChannel(options));
  }

  /** PagerDuty. */
  public static pagerDuty(options: PagerDutyChannelOptions): AlertChannel {
    return new AlertChannel(pagerDutyChannel(options));
  }

  /** Telegram. */
  public static telegram(options: TelegramChannelOptions): AlertChannel {
    return new AlertChannel(telegramChannel(options));
  }

  private constructor(private readonly channel: Channel) {}

  /** @internal */
  public _channel(): Channel {
    return this.channel;
  }
}
