// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of configuration-as-code look like that
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ClusterSet } from '../cluster-set';
import { BuildContainer } from '../pipeline/build-container';
import { PipelineAgent } from '../pipeline/pipeline-agent';
import { Placement } from '../placement';
import type { Platform } from '../platform';
import { type AnyObject, assemblyOf, problemsOfProgram } from '../synthesis.test-support';
import { Jenkins } from './jenkins';
import { JenkinsAuthorization } from './jenkins-authorization';
import { JenkinsCredential } from './jenkins-credential';
import type { JenkinsProps, JenkinsSingleSignOn } from './jenkins-props';
import { cascText } from './private/casc';

const key = (secret: string, name: string) => ({ secret, key: name });
const EVERYTHING: Omit<JenkinsProps, 'placement'> = {
  url: 'https://ci.example.com/jenkins',
  adminSecret: 'jenkins-admin',
  plugins: { 'oic-auth': '4.494.v6b_f419104767', 'matrix-auth': '3.2.6', sonar: '2.18' },
  agents: [{ name: 'python', agent: PipelineAgent.pod([BuildContainer.python()]), labels: ['slow'], instanceCap: 4 }],
  agentNamespace: 'builds',
  agentCap: 20,
  libraries: [
    {
      name: 'shared',
      url: 'https://git.example.com/ci/shared.git',
      defaultVersion: 'v2',
      credential: 'git',
      libraryPath: 'jenkins',
    },
  ],
  credentials: {
    git: JenkinsCredential.usernamePassword(key('git', 'user'), key('git', 'password')),
    sonar: JenkinsCredential.secretText(key('sonar', 'token')),
    prod: JenkinsCredential.secretFile(key('prod', 'kubeconfig'), 'kubeconfig'),
    deploy: JenkinsCredential.sshKey(key('deploy', 'user'), key('deploy', 'key')),
  },
  sonarServers: [{ url: 'https://sonar.example.com', credential: 'sonar' }],
  singleSignOn: {
    wellKnownUrl: 'https://login.example.com/.well-known/openid-configuration',
    clientId: 'jenkins',
    clientSecret: key('jenkins-oidc', 'secret'),
  },
  authorization: JenkinsAuthorization.groups({
    administrators: ['platform'],
    developers: ['retail'],
    readers: ['audit'],
  }),
};

const program = (props: Partial<JenkinsProps>) => (platform: Platform) => {
  new ClusterSet(platform, 'clusters').add('ops');
  new Jenkins(platform, 'ci', { placement: Placement.everywhere(), ...props });
};
const releaseOf = (props: Partial<JenkinsProps>) =>
  assemblyOf(program(props)).unit('ops', 'ci/release').helmReleases?.[0] as AnyObject;

const CHART = path.join(__dirname, '../../../../shared/data/chart-values/jenkins/values.yaml');

describe('a Jenkins', () => {
  it('is a release of its chart with agents, libraries, credentials by reference, SonarQube and sign-on', () => {
    const { chart, values, namespace } = releaseOf(EVERYTHING);
    expect({ chart, namespace }).toEqual({
      chart: { repository: 'https://charts.jenkins.io', name: 'jenkins', version: '5.9.53' },
      namespace: 'jenkins',
    });
    const { configScripts, securityRealm, authorizationStrategy } = values.controller.JCasC;
    expect(parse(configScripts.libraries).unclassified.globalLibraries.libraries).toEqual([
      {
        name: 'shared',
        defaultVersion: 'v2',
        implicit: false,
        allowVersionOverride: true,
        retriever: {
          modernSCM: {
            libraryPath: 'jenkins',
            scm: {
              git: {
                remote: 'https://git.example.com/ci/shared.git',
                credentialsId: 'git',
                traits: ['gitBranchDiscovery', 'gitTagDiscovery'],
              },
            },
          },
        },
      },
    ]);
    expect(parse(configScripts.credentials).credentials.system.domainCredentials[0].credentials).toEqual([
      { usernamePassword: { scope: 'GLOBAL', id: 'git', username: '${git-user}', password: '${git-password}' } },
      { string: { scope: 'GLOBAL', id: 'sonar', secret: '${sonar-token}' } },
      {
        file: { scope: 'GLOBAL', id: 'prod', fileName: 'kubeconfig', secretBytes: '${base64:${prod-kubeconfig}}' },
      },
      {
        basicSSHUserPrivateKey: {
          scope: 'GLOBAL',
          id: 'deploy',
          username: '${deploy-user}',
          privateKeySource: { directEntry: { privateKey: '${deploy-key}' } },
        },
      },
    ]);
    expect(values.controller.additionalExistingSecrets).toContainEqual({ name: 'jenkins-oidc', keyName: 'secret' });
    expect(parse(configScripts.sonarqube).unclassified.sonarGlobalConfiguration.installations).toEqual([
      { name: 'sonar', serverUrl: 'https://sonar.example.com', credentialsId: 'sonar' },
    ]);
    expect(parse(securityRealm).oic).toMatchObject({ clientId: 'jenkins', clientSecret: '${jenkins-oidc-secret}' });
    expect(parse(authorizationStrategy).globalMatrix.entries).toHaveLength(3);
    const [template] = parse(values.agent.podTemplates.python);
    expect(template).toMatchObject({ name: 'python', label: 'python slow', instanceCap: 4 });
    expect(parse(template.yaml).spec.containers[0].name).toBe('python');
  });

  it.skipIf(!existsSync(CHART) && process.env.CI !== 'true')(
    'uses only values that the chart has (needs ../shared/data/chart-values/jenkins)',
    () => {
      const defaults = parse(readFileSync(CHART, 'utf8')) as AnyObject;
      const missing = (values: AnyObject, known: AnyObject, at: string): string[] =>
        Object.entries(values).flatMap(([name, value]) => {
          if (!(name in known)) return [`${at}${name}`];
          const own = known[name];
          const isOpen = own === null || typeof own !== 'object' || Object.keys(own).length === 0;
          return isOpen || Array.isArray(value) ? [] : missing(value as AnyObject, own, `${at}${name}.`);
        });
      expect(missing(releaseOf(EVERYTHING).values, defaults, '')).toEqual([]);
      expect(missing({ controller: { jenkinsURL: '' } }, defaults, '')).toEqual(['controller.jenkinsURL']);
    },
  );

  it('lets further values win', () => {
    const { values } = releaseOf({ url: 'https://ci.example.com', values: { controller: { numExecutors: 1 } } });
    expect(values.controller).toEqual({ jenkinsUrl: 'https://ci.example.com', numExecutors: 1 });
  });

  it.each<[Partial<JenkinsProps>, string]>([
    [
      { singleSignOn: EVERYTHING.singleSignOn, plugins: EVERYTHING.plugins } as JenkinsProps,
      'would be an administrator',
    ],
    [{ ...EVERYTHING, plugins: {} }, 'needs plugin'],
    [{ sonarServers: [{ url: 'https://s', credential: 'x' }], plugins: { sonar: '1' } }, 'which there is not'],
    [{ url: 'https://ci.example.com/{{ .Values }}' }, 'is no http address'],
    [{ agents: [{ name: 'a', agent: PipelineAgent.any() }] }, 'is no pod'],
    [{ authorization: JenkinsAuthorization.groups({ administrators: [] }), plugins: { 'matrix-auth': '3' } }, 'Nobody'],
    [{ plugins: { sonar: 'latest 2' } }, 'is none'],
    [{ libraries: [{ name: 'a', url: 'x', defaultVersion: 'securityRealm:' }] }, 'would leave its own out'],
    [{ credentials: { a: JenkinsCredential.secretText(key('a}', 'k')) } }, 'not a valid name of a Secret'],
  ])('refuses what Jenkins would take for something else, or open itself by', (props, what) => {
    expect(
      problemsOfProgram(program(props))
        .map((problem) => problem.what)
        .join(),
    ).toContain(what);
  });

  it('has settings whose structure no text can change, neither for YAML, nor for Helm, nor for configuration-as-code', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '${',
      '}',
      '^',
      '$',
      "'",
      '"',
      '\n',
      '\\',
      ': ',
      '- ',
      '#',
      '`',
      '\u2028',
      'é',
      'x',
      ' ',
      '\t',
      '{{`',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text))), (data) => {
        for (const version of ['1.1', '1.2'] as const)
          expect(afterJenkins(parse(afterHelm(cascText(data)), { version }))).toEqual(JSON.parse(JSON.stringify(data)));
      }),
    );
  });
});

describe('texts of a Jenkins', () => {
  it('are in its settings what they were in the program', () => {
    const text = fc
      .array(fc.constantFrom('{{', '}}', '${', '^', "'", '"', '\\', ': ', '#', '`', '%', '&', 'é', '\u2028', 'x'), {
        minLength: 1,
      })
      .map((pieces) => `a${pieces.join('')}`);
    fc.assert(
      fc.property(text, text, text, (clientId, libraryPath, fileName) => {
        const { JCasC } = releaseOf({
          ...EVERYTHING,
          singleSignOn: { ...(EVERYTHING.singleSignOn as JenkinsSingleSignOn), clientId },
          libraries: [{ name: 'shared', url: 'https://g/a', defaultVersion: 'v1', libraryPath }],
          credentials: {
            ...EVERYTHING.credentials,
            sonar: JenkinsCredential.secretText(key('sonar', 'token')),
            prod: JenkinsCredential.secretFile(key('prod', 'kubeconfig'), fileName),
          },
        }).values.controller;
        const read = (settings: string) => parse(afterHelm(settings)) as AnyObject;
        expect(afterJenkins(read(JCasC.securityRealm).oic.clientId)).toBe(clientId);
        const [library] = read(JCasC.configScripts.libraries).unclassified.globalLibraries.libraries;
        expect(afterJenkins(library.retriever.modernSCM.libraryPath)).toBe(libraryPath);
        const store = read(JCasC.configScripts.credentials).credentials.system.domainCredentials[0].credentials;
        expect(afterJenkins(store[2].file.fileName)).toBe(fileName);
      }),
      { numRuns: 50 },
    );
  });
});

/** What Helm makes of a text whose only actions are literals. */
function afterHelm(text: string): string {
  return text.replace(/\{\{ `([^`]*)` \}\}/g, '$1');
}

/** What configuration-as-code makes of values in which no reference stands: "^${" is "${". Of keys it makes nothing. */
function afterJenkins(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(afterJenkins);
  if (typeof value === 'string') {
    expect(value).not.toMatch(/(?<!\^)\$\{/);
    return value.replaceAll('^${', '${');
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, afterJenkins(member)]));
}
