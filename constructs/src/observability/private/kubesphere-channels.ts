import { present } from '../../private/present-members';
import type { Finding } from '../../private/service-validation';
import { webAddressFindings } from '../../private/web-address';
import type { SecretKey } from '../../service-props';
import type {
  AliyunSmsOptions,
  ChatbotOptions,
  KubeSphereEmailOptions,
  KubeSphereSlackOptions,
  KubeSphereWebhookOptions,
} from '../kubesphere-channel';

/** A credential: always by reference (notification-manager docs/crds/credential.md). */
export type Credential = (of: SecretKey) => object;

/** One channel of a Receiver, and what a Config has to say for it (notification.kubesphere.io/v2beta2). */
export interface KubeSphereChannelSpec {
  /** Field of Receiver and Config: "dingtalk". */
  readonly type: string;
  receiver(credential: Credential): object;
  /** Absent: the channel needs none. */
  readonly config?: (credential: Credential) => object;
  readonly findings: readonly Finding[];
}

export function chatChannel(
  type: 'dingtalk' | 'feishu',
  { webhook, signingSecret, keywords }: ChatbotOptions,
): KubeSphereChannelSpec {
  return {
    type,
    receiver: (credential) => ({
      chatbot: {
        webhook: credential(webhook),
        ...(signingSecret === undefined ? {} : { secret: credential(signingSecret) }),
        ...present({ keywords }),
      },
    }),
    findings: [],
  };
}

export function weChatChannel(webhook: SecretKey): KubeSphereChannelSpec {
  return { type: 'wechat', receiver: (credential) => ({ chatbot: { webhook: credential(webhook) } }), findings: [] };
}

export function emailChannel(options: KubeSphereEmailOptions): KubeSphereChannelSpec {
  const { to, sender, host, port, username, password, requireTls = true } = options;
  return {
    type: 'email',
    receiver: () => ({ to }),
    config: (credential) => ({
      from: sender,
      smartHost: { host, port },
      requireTLS: requireTls,
      ...present({ authUsername: username }),
      ...(password === undefined ? {} : { authPassword: credential(password) }),
    }),
    findings: [
      ...some(to, 'An e-mail goes to nobody.', 'Say to whom: to.'),
      ...[...to, sender]
        .filter((one) => !/^[^\s@]+@[^\s@]+$/.test(one))
        .map((one) => bad(`"${one}" is no e-mail address.`, 'Write it like "oncall@example.com".')),
      ...(Number.isInteger(port) && port > 0 && port < 65_536 ? [] : [bad(`${port} is no port.`, 'Use 1 to 65535.')]),
    ],
  };
}

export function slackChannel({ token, channels }: KubeSphereSlackOptions): KubeSphereChannelSpec {
  return {
    type: 'slack',
    receiver: () => ({ channels }),
    config: (credential) => ({ slackTokenSecret: credential(token) }),
    findings: some(channels, 'A message of Slack goes to no channel.', 'Say to which: channels.'),
  };
}

export function smsChannel(options: AliyunSmsOptions): KubeSphereChannelSpec {
  const { phoneNumbers, accessKeyId, accessKeySecret, signName, templateCode } = options;
  return {
    type: 'sms',
    receiver: () => ({ phoneNumbers }),
    config: (credential) => ({
      defaultProvider: 'aliyun',
      providers: {
        aliyun: {
          accessKeyId: credential(accessKeyId),
          accessKeySecret: credential(accessKeySecret),
          signName,
          templateCode,
        },
      },
    }),
    findings: some(phoneNumbers, 'A short message goes to nobody.', 'Say to whom: phoneNumbers.'),
  };
}

export function webhookChannel({ url, bearerToken }: KubeSphereWebhookOptions): KubeSphereChannelSpec {
  return {
    type: 'webhook',
    receiver: (credential) => ({
      url,
      ...(bearerToken === undefined ? {} : { httpConfig: { bearerToken: credential(bearerToken) } }),
    }),
    findings: webAddressFindings(url, 'a receiver of alerts'),
  };
}

function some(list: readonly string[], what: string, fix: string): Finding[] {
  return list.length > 0 ? [] : [bad(what, fix)];
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}
