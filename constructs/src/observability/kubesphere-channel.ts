import type { SecretKey } from '../service-props';
import {
  chatChannel,
  emailChannel,
  type KubeSphereChannelSpec,
  slackChannel,
  smsChannel,
  webhookChannel,
  weChatChannel,
} from './private/kubesphere-channels';

/** A robot in a group chat. */
export interface ChatbotOptions {
  /** Key with the address of the robot. */
  readonly webhook: SecretKey;
  /** Key by which messages are signed. @default - they are not */
  readonly signingSecret?: SecretKey;
  /** Words of which the robot wants one in every message. @default - none */
  readonly keywords?: string[];
}

/** A server that takes e-mail, and to whom it goes. */
export interface KubeSphereEmailOptions {
  readonly to: string[];
  readonly sender: string;
  readonly host: string;
  readonly port: number;
  /** @default - no authentication */
  readonly username?: string;
  /** @default - no authentication */
  readonly password?: SecretKey;
  /** Whether nothing is sent without TLS. @default true */
  readonly requireTls?: boolean;
}

export interface KubeSphereSlackOptions {
  /** Key with the token of the application. */
  readonly token: SecretKey;
  readonly channels: string[];
}

/** Short messages by Aliyun. */
export interface AliyunSmsOptions {
  readonly phoneNumbers: string[];
  readonly accessKeyId: SecretKey;
  readonly accessKeySecret: SecretKey;
  readonly signName: string;
  readonly templateCode: string;
}

/** Anything that takes what the Notification Manager posts: the notification centre of a company. */
export interface KubeSphereWebhookOptions {
  readonly url: string;
  /** @default - none */
  readonly bearerToken?: SecretKey;
}

/** A way on which KubeSphere's Notification Manager reaches people. Secrets are in the namespace that `KubeSphereNotifications` says. */
export class KubeSphereChannel {
  /** A group of DingTalk. */
  public static dingTalk(options: ChatbotOptions): KubeSphereChannel {
    return new KubeSphereChannel(chatChannel('dingtalk', options));
  }

  /** A group of Feishu (Lark). */
  public static feishu(options: ChatbotOptions): KubeSphereChannel {
    return new KubeSphereChannel(chatChannel('feishu', options));
  }

  /** A group of WeChat Work. It signs nothing and has no keywords. */
  public static weChat(webhook: SecretKey): KubeSphereChannel {
    return new KubeSphereChannel(weChatChannel(webhook));
  }

  /** E-mail. */
  public static email(options: KubeSphereEmailOptions): KubeSphereChannel {
    return new KubeSphereChannel(emailChannel(options));
  }

  /** Slack. */
  public static slack(options: KubeSphereSlackOptions): KubeSphereChannel {
    return new KubeSphereChannel(slackChannel(options));
  }

  /** Short messages by Aliyun. */
  public static aliyunSms(options: AliyunSmsOptions): KubeSphereChannel {
    return new KubeSphereChannel(smsChannel(options));
  }

  /** A webhook. */
  public static webhook(options: KubeSphereWebhookOptions): KubeSphereChannel {
    return new KubeSphereChannel(webhookChannel(options));
  }

  private constructor(private readonly channel: KubeSphereChannelSpec) {}

  /** @internal */
  public _channel(): KubeSphereChannelSpec {
    return this.channel;
  }
}
