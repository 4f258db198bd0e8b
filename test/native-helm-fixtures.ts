import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A chart with what helm alone can do: hooks, `lookup`, something that stays. */
export const TEMPLATES = {
  'app.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: app }
data:
  greeting: {{ .Values.greeting | quote }}
  seen: {{ (lookup "v1" "Namespace" "" .Release.Namespace).metadata.name | quote }}
`,
  'secret.yaml': `apiVersion: v1
kind: Secret
metadata: { name: login }
stringData: { password: {{ .Values.password | quote }} }
`,
  'kept.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: kept, annotations: { helm.sh/resource-policy: keep } }
`,
  'settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: settings, annotations: { helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "-5" } }
`,
  'migrate.yaml': `{{- if .Values.job }}
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: { helm.sh/hook: "pre-install,pre-upgrade" }
spec:
  backoffLimit: 0
  {{- if .Values.deadline }}
  activeDeadlineSeconds: {{ .Values.deadline }}
  {{- end }}
  template:
    spec:
      restartPolicy: Never
      {{- if .Values.deadline }}
      nodeSelector: { no-such: node }
      {{- end }}
      containers: [{ name: main, image: "example.com/migrate:1", envFrom: [{ configMapRef: { name: settings } }] }]
{{- end }}
`,
};

/** A helm that keeps a list of its runs: "<process id> <arguments>". */
export function listedHelm(folder: string, helm: string): { readonly file: string; readonly runs: () => string[] } {
  const [file, log] = [path.join(folder, 'helm'), path.join(folder, 'runs')];
  writeFileSync(log, '');
  writeFileSync(file, `#!/bin/sh\necho "$$ $*" >> '${log}'\nexec '${helm}' "$@"\n`);
  chmodSync(file, 0o700);
  return {
    file,
    runs: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
  };
}
