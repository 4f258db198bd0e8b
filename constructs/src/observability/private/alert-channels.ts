import { present } from '../../private/present-members';
import type { Finding } from '../../private/service-validation';
import { webAddressFindings } from '../../private/web-address';
import type { SecretKey } from '../../service-props';
import type {
  EmailChannelOptions,
  PagerDutyChannelOptions,
  SlackChannelOptions,
  SmsChannelOptions,
  TelegramChannelOptions,
  WebhookChannelOptions,
  WeChatChannelOptions,
} from '../alert-channel';
import type { SecretSelector } from './alertmanager-config';

/** One channel of a receiver of an AlertmanagerConfig: in which of its lists it stands, and as what. */
export interface Channel {
  readonly list: string;
  readonly config: object;
  readonly findings: readonly Finding[];
}

export function emailChannel({ to, server, subject }: EmailChannelOptions): Channel {
  const { address, sender, username, password, requireTls = true } = server;
  const config = {
    to: to.join(', '),
    from: sender,
    smarthost: address,
    requireTLS: requireTls,
    sendResolved: true,
    ...present({ authUsername: username, authPassword: selector(password) }),
    ...(subject === undefined ? {} : { headers: [{ key: 'Subject', value: subject }] }),
  };
  const findings = [
    ...(to.length > 0 ? [] : [bad('An e-mail goes to nobody.', 'Say to whom: to.')]),
    ...(/^[^\s:]+:\d{1,5}$/.test(address)
      ? []
      : [bad(`"${address}" is no mail server.`, 'Write host and port, e.g. "smtp.example.com:587".')]),
    ...[...to, sender]
      .filter((one) => !/^[^\s@]+@[^\s@]+$/.test(one))
      .map((one) => bad(`"${one}" is no e-mail address.`, 'Write it like "oncall@example.com".')),
    ...pair('username', username, 'password', password),
  ];
  return { list: 'emailConfigs', config, findings };
}

export function slackChannel({ webhook, channel }: SlackChannelOptions): Channel {
  const config = { apiURL: selector(webhook), sendResolved: true, ...present({ channel }) };
  return { list: 'slackConfigs', config, findings: [] };
}

export function webhookChannel({ url, urlSecret, bearerToken, maxAlerts }: WebhookChannelOptions): Channel {
  const credentials = selector(bearerToken);
  const config = {
    sendResolved: true,
    ...present({ url, urlSecret: selector(urlSecret), maxAlerts }),
    ...(credentials === undefined ? {} : { httpConfig: { authorization: { type: 'Bearer', credentials } } }),
  };
  const findings = [
    ...(url === undefined ? [] : webAddressFindings(url, 'a receiver of alerts')),
    ...oneOf({ url, urlSecret }),
    ...(maxAlerts === undefined || (Number.isInteger(maxAlerts) && maxAlerts >= 0)
      ? []
      : [bad(`maxAlerts is ${maxAlerts}.`, 'Use a whole number; 0 are all.')]),
  ];
  return { list: 'webhookConfigs', config, findings };
}

export function weChatChannel({ corpId, agentId, apiSecret, ...to }: WeChatChannelOptions): Channel {
  const { toUsers = [], toParties = [], toTags = [] } = to;
  const joined = (ids: readonly string[]) => (ids.length === 0 ? undefined : ids.join('|'));
  const config = {
    corpID: corpId,
    agentID: agentId,
    apiSecret: selector(apiSecret),
    sendResolved: true,
    ...present({ toUser: joined(toUsers), toParty: joined(toParties), toTag: joined(toTags) }),
  };
  const findings =
    toUsers.length + toParties.length + toTags.length > 0
      ? []
      : [bad('A message of WeChat goes to nobody.', 'Set toUsers, toParties or toTags.')];
  return { list: 'wechatConfigs', config, findings };
}

export function smsChannel({ region, phoneNumber, topicArn, accessKey, secretKey }: SmsChannelOptions): Channel {
  const sigv4 = { region, ...present({ accessKey: selector(accessKey), secretKey: selector(secretKey) }) };
  const config = { sigv4, sendResolved: true, ...present({ phoneNumber, topicARN: topicArn }) };
  const findings = [
    ...oneOf({ phoneNumber, topicArn }),
    ...pair('accessKey', accessKey, 'secretKey', secretKey),
    ...(phoneNumber === undefined || /^\+[1-9]\d{6,14}$/.test(phoneNumber)
      ? []
      : [bad(`"${phoneNumber}" is no number of a phone.`, 'Write it with the country, e.g. "+8613800138000".')]),
  ];
  return { list: 'snsConfigs', config, findings };
}

/** Severities of PagerDuty are critical, error, warning and info (its Events API v2). */
const PAGER_DUTY_SEVERITY = '{{ if eq .CommonLabels.severity "page" "critical" }}critical{{ else }}warning{{ end }}';

export function pagerDutyChannel({ routingKey, severity }: PagerDutyChannelOptions): Channel {
  const config = {
    routingKey: selector(routingKey),
    severity: severity ?? PAGER_DUTY_SEVERITY,
    sendResolved: true,
  };
  return { list: 'pagerdutyConfigs', config, findings: [] };
}

export function telegramChannel({ botToken, chatId }: TelegramChannelOptions): Channel {
  const config = { botToken: selector(botToken), chatID: chatId, sendResolved: true };
  const findings =
    Number.isSafeInteger(chatId) && chatId !== 0 ? [] : [bad(`chatId is ${chatId}.`, 'Use the id of the chat.')];
  return { list: 'telegramConfigs', config, findings };
}

function selector(of: SecretKey): SecretSelector;
function selector(of: SecretKey | undefined): SecretSelector | undefined;
function selector(of: SecretKey | undefined): SecretSelector | undefined {
  return of === undefined ? undefined : { name: of.secret, key: of.key };
}

function oneOf(choices: { readonly [name: string]: unknown }): Finding[] {
  const names = Object.keys(choices).join(' and ');
  const given = Object.values(choices).filter((value) => value !== undefined).length;
  if (given === 1) return [];
  return [
    {
      code: 'ORR2012',
      what: given === 0 ? `A channel has none of ${names}.` : `A channel has ${names}.`,
      fix: 'Set one of them.',
    },
  ];
}

function pair(one: string, first: unknown, other: string, second: unknown): Finding[] {
  if ((first === undefined) === (second === undefined)) return [];
  return [
    {
      code: 'ORR2012',
      what: `A channel has ${first === undefined ? other : one} without ${first === undefined ? one : other}.`,
      fix: 'Set both or none.',
    },
  ];
}

function bad(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}
