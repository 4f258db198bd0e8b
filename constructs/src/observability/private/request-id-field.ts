/** What has the id of a request: attribute of spans, tag of errors, field of logs. By it Grafana goes from one to the other. */
export const REQUEST_ID = 'request_id';
