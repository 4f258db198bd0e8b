/**
 * Settings of rules of elastalert2 2.31 and what their values have to be, as its schema has them (jertel/elastalert2 elastalert/schema.yaml, Apache-2.0). It refuses a rule with a value of another type, and then
 * does not start. Settings that are not in here it takes without looking.
 */
export type SettingType =
  | 'text'
  | 'flag'
  | 'integer'
  | 'number'
  | 'map'
  | 'list'
  | 'texts'
  | 'oneOrMoreTexts'
  | 'fieldsOrPairs'
  | 'time'
  | 'times'
  | 'labels'
  | 'flagOrText'
  | { readonly words: readonly string[] }
  | { readonly from: number; readonly to: number };

export interface RuleType {
  readonly required: readonly string[];
  readonly settings: ReadonlyMap<string, SettingType>;
}

const words = (...all: string[]): SettingType => ({ words: all });
const named = (type: SettingType, names: string): [string, SettingType][] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name, type]);

/** Of every type of rule. */
export const COMMON_SETTINGS: ReadonlyMap<string, SettingType> = new Map<string, SettingType>([
  ...named(
    'text',
    `es_host index name es_username es_password es_bearer realert_key owner kibana_url kibana_username kibana_password custom_pretty_ts_format
    summary_prefix summary_suffix kibana_discover_app_url kibana_discover_index_pattern_id kibana_discover_security_tenant alert_text alert_missing_value timestamp_field
    alerta_api_url alerta_api_key alerta_severity alerta_type alerta_resource alerta_origin alerta_environment alerta_group alerta_event alerta_text alerta_value
    alertmanager_alertname alertmanager_alert_subject_labelname alertmanager_alert_text_labelname alertmanager_proxy alertmanager_basic_auth_login alertmanager_basic_auth_password
    ses_from_addr ses_aws_access_key ses_aws_secret_key ses_aws_region ses_aws_profile ses_email_reply_to
    sns_topic_arn sns_aws_access_key_id sns_aws_secret_access_key sns_aws_region sns_aws_profile
    chatwork_apikey chatwork_room_id chatwork_proxy chatwork_proxy_login chatwork_proxy_pass datadog_api_key datadog_app_key
    dingtalk_access_token dingtalk_single_title dingtalk_single_url dingtalk_btn_orientation dingtalk_proxy dingtalk_proxy_login dingtalk_proxy_pass
    discord_webhook_url discord_emoji_title discord_proxy discord_proxy_login discord_proxy_password discord_embed_footer discord_embed_icon_url
    email_from_field email_add_domain smtp_host smtp_auth_file smtp_cert_file smtp_key_file email_reply_to from_addr email_format assets_dir
    exotel_account_sid exotel_auth_token exotel_to_number exotel_from_number exotel_message_body gitter_webhook_url gitter_proxy
    gelf_endpoint gelf_host gelf_ca_cert googlechat_header_title googlechat_header_subtitle googlechat_header_image googlechat_footer_kibanalink googlechat_proxy
    http_post_proxy http_post2_proxy jira_server jira_project jira_issuetype jira_account_file jira_assignee jira_description jira_ignore_in_title jira_transition_to
    linenotify_access_token mattermost_proxy mattermost_username_override mattermost_emoji_override mattermost_icon_url_override mattermost_msg_pretext mattermost_title mattermost_title_link
    mattermost_footer mattermost_footer_icon mattermost_image_url mattermost_thumb_url mattermost_author_name mattermost_author_link mattermost_author_icon mattermost_kibana_discover_color
    mattermost_kibana_discover_title ms_teams_alert_summary ms_teams_theme_color ms_teams_proxy ms_teams_kibana_discover_title
    opsgenie_key opsgenie_account opsgenie_addr opsgenie_description opsgenie_message opsgenie_alias opsgenie_subject opsgenie_priority opsgenie_proxy opsgenie_source opsgenie_entity
    pagerduty_service_key pagerduty_client_name pagerduty_incident_key pagerduty_proxy pagerduty_v2_payload_class pagerduty_v2_payload_component pagerduty_v2_payload_group
    pagerduty_v2_payload_source pagertree_integration_url pagertree_proxy
    rocket_chat_webhook_url rocket_chat_username_override rocket_chat_channel_override rocket_chat_emoji_override rocket_chat_text_string rocket_chat_proxy rocket_chat_kibana_discover_color
    rocket_chat_kibana_discover_title servicenow_rest_url username password short_description comments assignment_group category subcategory cmdb_ci caller_id servicenow_proxy
    slack_username_override slack_emoji_override slack_icon_url_override slack_text_string slack_proxy slack_title slack_title_link slack_kibana_discover_color slack_kibana_discover_title
    slack_jira_ticket_color slack_jira_ticket_title slack_footer slack_footer_icon slack_image_url slack_thumb_url slack_author_name slack_author_link slack_author_icon slack_msg_pretext
    victorops_api_key victorops_routing_key victorops_entity_id victorops_entity_display_name victorops_proxy
    stomp_hostname stomp_hostport stomp_login stomp_password stomp_destination
    telegram_bot_token telegram_room_id telegram_api_url telegram_proxy telegram_proxy_login telegram_proxy_pass
    tencent_sms_secret_id tencent_sms_secret_key tencent_sms_sdk_appid tencent_sms_region tencent_sms_sign_name tencent_sms_template_id
    twilio_account_sid twilio_auth_token twilio_to_number twilio_from_number twilio_message_service_sid zbx_sender_host zbx_host zbx_key`,
  ),
  ...named(
    'flag',
    `use_ssl verify_certs use_strftime_index raw_count_keys kibana_verify_certs use_local_time replace_dots_in_field_names scan_entire_timeframe generate_kibana_discover_url
    shorten_kibana_discover_url alerta_use_qk_as_resource alerta_use_match_timestamp alerta_api_skip_ssl alertmanager_ignore_ssl_errors pipe_match_json pipe_alert_text fail_on_non_zero_exit
    smtp_ssl gelf_http_ignore_ssl_errors http_post_ignore_ssl_errors http_post2_ignore_ssl_errors jira_bump_tickets jira_bump_only mattermost_ignore_ssl_errors
    mattermost_attach_kibana_discover_url ms_teams_alert_fixed_width ms_teams_attach_kibana_discover_url ms_teams_ignore_ssl_errors pagerduty_v2_payload_include_all_info
    rocket_chat_attach_kibana_discover_url rocket_chat_ignore_ssl_errors slack_ignore_ssl_errors slack_attach_kibana_discover_url slack_attach_jira_ticket_url twilio_use_copilot
    zbx_host_from_field`,
  ),
  ...named(
    'integer',
    `es_port max_query_size max_scrolling max_threads misfire_grace_time priority top_count_number alerta_timeout alertmanager_timeout discord_embed_color smtp_port gelf_port gelf_timeout
    http_post_timeout http_post2_timeout rocket_chat_timeout slack_timeout zbx_sender_port`,
  ),
  ...named('number', 'jira_priority jira_max_age jira_bump_after_inactivity'),
  ...named(
    'texts',
    `es_hosts include top_count_keys match_enhancements summary_table_fields kibana_discover_columns alert_text_args alerta_service alerta_correlate alerta_tags alerta_attributes_keys
    alerta_attributes_values alertmanager_hosts email_image_keys email_image_values pagerduty_incident_key_args pagerduty_v2_payload_class_args pagerduty_v2_payload_component_args
    pagerduty_v2_payload_group_args pagerduty_v2_payload_source_args tencent_sms_to_number tencent_sms_template_parm`,
  ),
  ...named(
    'oneOrMoreTexts',
    `import query_key ses_email ses_cc ses_bcc command email cc bcc notify_email googlechat_webhook_url http_post_url http_post2_url jira_component jira_components jira_label jira_labels
    jira_watchers jira_bump_not_in_statuses jira_bump_in_statuses mattermost_webhook_url mattermost_channel_override ms_teams_webhook_url slack_webhook_url slack_channel_override`,
  ),
  ...named('list', 'filter fields mattermost_msg_fields ms_teams_alert_facts slack_alert_fields'),
  ...named('map', 'alert_text_kw'),
  ...named(
    'time',
    'realert exponential_realert buffer_time query_delay kibana_discover_from_timedelta kibana_discover_to_timedelta',
  ),
  ...named('times', 'aggregation'),
  ...named(
    'labels',
    'alertmanager_labels alertmanager_annotations alertmanager_fields gelf_payload gelf_http_headers opsgenie_details',
  ),
  ...named(
    'flagOrText',
    'alertmanager_ca_certs http_post_ca_certs http_post2_ca_certs ms_teams_ca_certs rocket_chat_ca_certs slack_ca_certs',
  ),
  ['summary_table_type', words('ascii', 'markdown')],
  ['summary_table_max_rows', { from: 0, to: Number.MAX_SAFE_INTEGER }],
  ['alert_text_type', words('alert_text_only', 'alert_text_jinja', 'exclude_fields', 'aggregation_summary_only')],
  ['alertmanager_api_version', words('v1', 'v2')],
  ['dingtalk_msgtype', words('text', 'markdown', 'single_action_card', 'action_card')],
  ['gitter_msg_level', words('info', 'error')],
  ['gelf_type', words('http', 'tcp')],
  ['googlechat_format', words('basic', 'card')],
  ['mattermost_msg_color', words('good', 'warning', 'danger')],
  ['pagerduty_event_type', words('none', 'trigger', 'resolve', 'acknowledge')],
  ['pagerduty_api_version', words('v1', 'v2')],
  ['pagerduty_v2_payload_severity', words('critical', 'error', 'warning', 'info')],
  ['rocket_chat_msg_color', words('good', 'warning', 'danger')],
  ['servicenow_impact', { from: 1, to: 3 }],
  ['servicenow_urgency', { from: 1, to: 3 }],
  ['slack_msg_color', words('good', 'warning', 'danger')],
  ['slack_parse_override', words('none', 'full')],
  ['victorops_message_type', words('INFO', 'WARNING', 'ACKNOWLEDGEMENT', 'CRITICAL', 'RECOVERY')],
  ['telegram_parse_mode', words('markdown', 'markdownV2', 'html')],
]);

const SPIKE_TYPE: [string, SettingType] = ['spike_type', words('up', 'down', 'both')];
const AGGREGATE: [string, SettingType] = [
  'metric_agg_type',
  words('min', 'max', 'avg', 'sum', 'cardinality', 'value_count', 'percentiles'),
];

function ruleType(required: string, ...settings: [string, SettingType][]): RuleType {
  return { required: required === '' ? [] : required.split(' '), settings: new Map(settings) };
}

/** What each type of rule has beside. */
export const RULE_TYPES: ReadonlyMap<string, RuleType> = new Map([
  ['any', ruleType('')],
  ['blacklist', ruleType('blacklist compare_key', ...named('texts', 'blacklist'), ['compare_key', 'oneOrMoreTexts'])],
  [
    'whitelist',
    ruleType(
      'whitelist compare_key ignore_null',
      ['whitelist', 'texts'],
      ['compare_key', 'oneOrMoreTexts'],
      ['ignore_null', 'flag'],
    ),
  ],
  [
    'change',
    ruleType(
      'query_key compare_key ignore_null',
      ['compare_key', 'oneOrMoreTexts'],
      ['ignore_null', 'flag'],
      ['timeframe', 'time'],
    ),
  ],
  [
    'frequency',
    ruleType(
      'num_events timeframe',
      ...named('integer', 'num_events terms_size'),
      ['timeframe', 'time'],
      ...named('flag', 'use_count_query use_terms_query attach_related'),
    ),
  ],
  [
    'spike',
    ruleType(
      'spike_height spike_type timeframe',
      ['spike_height', 'number'],
      SPIKE_TYPE,
      ['timeframe', 'time'],
      ...named('flag', 'use_count_query use_terms_query alert_on_new_data'),
      ...named('integer', 'terms_size threshold_ref threshold_cur'),
      ['field_value', 'text'],
    ),
  ],
  [
    'spike_aggregation',
    ruleType(
      'spike_height spike_type timeframe',
      ...named('number', 'spike_height threshold_ref threshold_cur'),
      SPIKE_TYPE,
      AGGREGATE,
      ['timeframe', 'time'],
      ...named('flag', 'use_count_query use_terms_query alert_on_new_data'),
      ...named('integer', 'terms_size min_doc_count percentile_range'),
    ),
  ],
  [
    'flatline',
    ruleType(
      'threshold timeframe',
      ['timeframe', 'time'],
      ...named('integer', 'threshold terms_size'),
      ...named('flag', 'use_count_query use_terms_query forget_keys'),
    ),
  ],
  [
    'new_term',
    ruleType(
      '',
      ['fields', 'fieldsOrPairs'],
      ...named('time', 'terms_window_size window_step_size'),
      ...named('flag', 'alert_on_missing_field use_terms_query use_keyword_postfix'),
      ['terms_size', 'integer'],
    ),
  ],
  [
    'cardinality',
    ruleType(
      'cardinality_field timeframe',
      ...named('integer', 'max_cardinality min_cardinality'),
      ['cardinality_field', 'text'],
      ['timeframe', 'time'],
    ),
  ],
  [
    'metric_aggregation',
    ruleType(
      'metric_agg_key metric_agg_type',
      AGGREGATE,
      ...named('integer', 'percentile_range min_doc_count'),
      ...named('number', 'max_threshold min_threshold'),
      ...named('flag', 'use_run_every_query_size allow_buffer_time_overlap sync_bucket_interval'),
      ['bucket_interval', 'time'],
      ['metric_format_string', 'text'],
    ),
  ],
  [
    'percentage_match',
    ruleType(
      'match_bucket_filter',
      ...named('number', 'min_percentage max_percentage'),
      ...named('flag', 'use_run_every_query_size allow_buffer_time_overlap sync_bucket_interval'),
      ['bucket_interval', 'time'],
      ['percentage_format_string', 'text'],
      ['min_denominator', 'integer'],
    ),
  ],
]);
