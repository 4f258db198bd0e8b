import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

export interface DatabaseBackupProps {
  readonly databases: readonly string[];
  /** Cron expression, UTC. */
  readonly schedule: string;
}

/**
 * A plain cdk8s chart, as it was before the team moved to Orrery: nothing in it knows of clusters, and its generated names stay
 * what they were.
 */
export class DatabaseBackup extends Chart {
  constructor(scope: Construct, id: string, props: DatabaseBackupProps) {
    super(scope, id, { namespace: 'data', labels: { 'app.kubernetes.io/part-of': 'database-backup' } });

    new ApiObject(this, 'namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'data' },
    });

    for (const database of props.databases) {
      new ApiObject(this, `dump-${database}`, {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        spec: {
          schedule: props.schedule,
          timeZone: 'Etc/UTC',
          concurrencyPolicy: 'Forbid',
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 3,
          jobTemplate: {
            spec: {
              backoffLimit: 2,
              activeDeadlineSeconds: 7200,
              template: {
                spec: {
                  restartPolicy: 'Never',
                  automountServiceAccountToken: false,
                  securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: 'RuntimeDefault' } },
                  containers: [
                    {
                      name: 'dump',
                      image: 'docker.io/library/mysql:8.4.6',
                      command: [
                        'sh',
                        '-c',
                        'mysqldump --single-transaction --result-file="/backup/$DATABASE.sql" "$DATABASE"',
                      ],
                      env: [
                        { name: 'DATABASE', value: database },
                        { name: 'MYSQL_HOST', value: 'mysql.data.svc' },
                        { name: 'MYSQL_PWD', valueFrom: { secretKeyRef: { name: 'mysql-backup', key: 'password' } } },
                      ],
                      resources: { requests: { cpu: '500m', memory: '256Mi' }, limits: { memory: '512Mi' } },
                      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
                      volumeMounts: [{ name: 'backup', mountPath: '/backup' }],
                    },
                  ],
                  volumes: [{ name: 'backup', persistentVolumeClaim: { claimName: 'database-backup' } }],
                },
              },
            },
          },
        },
      });
    }

    new ApiObject(this, 'claim', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'database-backup' },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: 'nfs-general',
        resources: { requests: { storage: '500Gi' } },
      },
    });
  }
}
