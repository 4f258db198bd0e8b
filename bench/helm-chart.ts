import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const COMPONENTS = 10;

/**
 * A chart as people write them: helpers, loops, conditions, defaults. Thirty templates: a Deployment, a Service and a ConfigMap for each of ten components.
 * Nothing in it is random: it is rendered once.
 */
export function writeChart(folder: string): void {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: portal\nversion: 1.0.0\nappVersion: 4.2.0\n');
  const components = Array.from({ length: COMPONENTS }, (_, index) => `part${index}`);
  writeFileSync(join(folder, 'values.yaml'), components.map(componentValues).join(''));
  writeFileSync(join(folder, 'templates', '_helpers.tpl'), HELPERS);
  for (const name of components) {
    writeFileSync(join(folder, 'templates', `${name}-deployment.yaml`), deployment(name));
    writeFileSync(join(folder, 'templates', `${name}-service.yaml`), service(name));
    writeFileSync(join(folder, 'templates', `${name}-config.yaml`), config(name));
  }
}

/** Another values file for each release. */
export function releaseValues(release: number): string {
  const lines = Array.from({ length: COMPONENTS }, (_, index) => [
    `part${index}:`,
    `  replicas: ${1 + ((release + index) % 5)}`,
    `  image: { tag: 4.2.${release} }`,
    '  settings:',
    `    REGION: region-${release}`,
    `    SHARD: "${index}"`,
    '    GREETING: |',
    `      Release ${release}`,
    `      of part ${index}`,
  ]);
  return `${lines.flat().join('\n')}\n`;
}

function componentValues(name: string): string {
  return `${name}:
  enabled: true
  replicas: 2
  port: 8080
  image: { repository: registry.example.com/portal/${name}, tag: "" }
  resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }
  settings: { LOG_LEVEL: info, TIMEOUT: 30s }
`;
}

const HELPERS = `{{- define "portal.name" -}}
{{- printf "%s-%s" .release .component | trunc 63 | trimSuffix "-" -}}
{{- end }}
{{- define "portal.labels" -}}
app.kubernetes.io/name: {{ .component }}
app.kubernetes.io/instance: {{ .release }}
app.kubernetes.io/part-of: portal
{{- end }}
`;

const head = (name: string): string => `{{- $part := index .Values "${name}" -}}
{{- if $part.enabled }}
{{- $id := dict "component" "${name}" "release" .Release.Name -}}
`;

const deployment = (name: string): string => `${head(name)}apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "portal.name" $id }}
  labels: {{- include "portal.labels" $id | nindent 4 }}
spec:
  replicas: {{ $part.replicas }}
  selector:
    matchLabels: {{- include "portal.labels" $id | nindent 6 }}
  template:
    metadata:
      labels: {{- include "portal.labels" $id | nindent 8 }}
      annotations:
        checksum/config: {{ toYaml $part.settings | sha256sum }}
    spec:
      containers:
        - name: ${name}
          image: "{{ $part.image.repository }}:{{ $part.image.tag | default .Chart.AppVersion }}"
          ports: [{ name: http, containerPort: {{ $part.port }} }]
          envFrom: [{ configMapRef: { name: {{ include "portal.name" $id }} } }]
          readinessProbe: { httpGet: { path: /healthz, port: http } }
          resources: {{- toYaml $part.resources | nindent 12 }}
{{- end }}
`;

const service = (name: string): string => `${head(name)}apiVersion: v1
kind: Service
metadata:
  name: {{ include "portal.name" $id }}
  labels: {{- include "portal.labels" $id | nindent 4 }}
spec:
  selector: {{- include "portal.labels" $id | nindent 4 }}
  ports: [{ name: http, port: 80, targetPort: http }]
{{- end }}
`;

const config = (name: string): string => `${head(name)}apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "portal.name" $id }}
  labels: {{- include "portal.labels" $id | nindent 4 }}
data:
{{- range $key, $value := $part.settings }}
  {{ $key }}: {{ $value | quote }}
{{- end }}
{{- end }}
`;
