import { expect, test } from 'vitest';
import {
  BuildContainer,
  BuildTool,
  PipelineAgent,
  PipelineDefinition,
  PipelineInput,
  PipelineOption,
  PipelineParameter,
  PipelinePost,
  PipelineStage,
  PipelineStep,
  PipelineTrigger,
  PipelineValue,
  PipelineWhen,
} from '..';

test('a pipeline becomes a Jenkinsfile as a person writes it', () => {
  const pipeline = new PipelineDefinition({
    agent: PipelineAgent.none(),
    libraries: ['shared@v2'],
    environment: { CI: 'true' },
    environmentCredentials: { REGISTRY: 'registry' },
    environmentValues: { TAG: PipelineValue.joined('v', PipelineValue.env('BUILD_NUMBER')) },
    parameters: [PipelineParameter.choice('TARGET', ['staging', 'production'])],
    options: [PipelineOption.timeout('1h'), PipelineOption.buildDiscarder({ builds: 20 })],
    triggers: [PipelineTrigger.cron('H 4 * * *')],
    stages: [
      PipelineStage.steps('Build', [PipelineStep.buildProject(BuildTool.MAVEN), PipelineStep.junit('**/*.xml')], {
        agent: PipelineAgent.pod([BuildContainer.maven()]),
        when: [PipelineWhen.negated(PipelineWhen.branch('wip/*'))],
        whenBeforeAgent: true,
      }),
      PipelineStage.approval(
        'Release',
        new PipelineInput('Release?', { submitters: ['ops'] }),
        [
          PipelineStage.steps('Apply', [PipelineStep.sh('echo "it\'s"\nmake $TARGET', { container: 'node' })], {
            agent: PipelineAgent.pod([BuildContainer.node()]),
          }),
        ],
        { when: [PipelineWhen.branch('main')] },
      ),
    ],
    post: [PipelinePost.failure(PipelineStep.mail(['a@example.com'], 'Failed', PipelineValue.env('BUILD_URL')))],
  });
  expect(pipeline.toJenkinsfile()).toMatchInlineSnapshot(`
    "pipeline {
        agent none
        libraries {
            lib('shared@v2')
        }
        environment {
            CI = 'true'
            REGISTRY = credentials('registry')
            TAG = "v\${env.BUILD_NUMBER}"
        }
        parameters {
            choice(name: 'TARGET', choices: ['staging', 'production'])
        }
        options {
            timeout(time: 1, unit: 'HOURS')
            buildDiscarder(logRotator(numToKeepStr: '20'))
        }
        triggers {
            cron('H 4 * * *')
        }
        stages {
            stage('Build') {
                agent {
                    kubernetes {
                        defaultContainer 'maven'
                        yaml '''
    apiVersion: v1
    kind: Pod
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
      containers:
        - name: maven
          image: maven:3.9-eclipse-temurin-21
          command:
            - sleep
          args:
            - infinity
          env:
            - name: HOME
              value: /home/jenkins/agent
          resources:
            requests:
              cpu: 500m
              memory: 1Gi
            limits:
              memory: 1Gi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop:
                - ALL
            seccompProfile:
              type: RuntimeDefault
    '''
                    }
                }
                when {
                    beforeAgent true
                    not {
                        branch 'wip/*'
                    }
                }
                steps {
                    container('maven') {
                        sh 'mvn -B -ntp -DskipTests package'
                    }
                    junit '**/*.xml'
                }
            }
            stage('Release') {
                when {
                    beforeInput true
                    branch 'main'
                }
                input {
                    message 'Release?'
                    submitter 'ops'
                }
                stages {
                    stage('Apply') {
                        agent {
                            kubernetes {
                                defaultContainer 'node'
                                yaml '''
    apiVersion: v1
    kind: Pod
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
      containers:
        - name: node
          image: node:24
          command:
            - sleep
          args:
            - infinity
          env:
            - name: HOME
              value: /home/jenkins/agent
          resources:
            requests:
              cpu: 500m
              memory: 1Gi
            limits:
              memory: 1Gi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop:
                - ALL
            seccompProfile:
              type: RuntimeDefault
    '''
                            }
                        }
                        steps {
                            container('node') {
                                sh '''echo "it's"
    make $TARGET'''
                            }
                        }
                    }
                }
            }
        }
        post {
            failure {
                mail(to: 'a@example.com', subject: 'Failed', body: env.BUILD_URL)
            }
        }
    }
    "
  `);
});
