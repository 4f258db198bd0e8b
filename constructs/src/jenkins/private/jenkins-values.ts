import { podYaml } from '../../pipeline/private/pod-template';
import { present } from '../../private/present-members';
import type { SecretKey } from '../../service-props';
import type { JenkinsCredential } from '../jenkins-credential';
import type { JenkinsAgent, JenkinsProps, JenkinsSingleSignOn, SharedLibrary, SonarServer } from '../jenkins-props';
import { type CascValue, cascText, SecretReference } from './casc';

type Values = { [key: string]: unknown };

/** Values of the chart jenkins (jenkinsci/helm-charts, charts/jenkins, 5.9.53). */
export function jenkinsValues(props: JenkinsProps): Values {
  const { url, adminSecret, plugins = {}, agents = [], agentNamespace, agentCap, authorization, singleSignOn } = props;
  const scripts = configScripts(props);
  const secrets = mountedSecrets(props);
  const groups = authorization?._groups();
  const controller = withoutEmptyCasc({
    ...(url === undefined ? {} : addressOf(url)),
    admin: adminSecret === undefined ? undefined : { createSecret: false, existingSecret: adminSecret },
    additionalPlugins: list(Object.entries(plugins).map(([id, version]) => `${id}:${version}`)),
    additionalExistingSecrets: list(secrets.map(({ secret, key }) => ({ name: secret, keyName: key }))),
    JCasC: withoutEmptyCasc({
      configScripts: Object.keys(scripts).length === 0 ? undefined : scripts,
      securityRealm: singleSignOn === undefined ? undefined : cascText(securityRealm(singleSignOn)),
      authorizationStrategy: groups === undefined ? undefined : cascText(matrix(groups)),
    }),
  });
  const agent = withoutEmptyCasc({
    namespace: agentNamespace,
    containerCap: agentCap,
    podTemplates:
      agents.length === 0
        ? undefined
        : Object.fromEntries(agents.map((one) => [one.name, cascText([podTemplate(one)])])),
    // A pod for builds without tools would only be in the way of those with.
    disableDefaultAgent: agents.length === 0 ? undefined : true,
  });
  return {
    ...(Object.keys(controller).length === 0 ? {} : { controller }),
    ...(Object.keys(agent).length === 0 ? {} : { agent }),
  };
}

function addressOf(url: string): Values {
  const { protocol, host, pathname } = new URL(url);
  const prefix = pathname.replace(/\/+$/, '');
  return {
    jenkinsUrl: `${protocol}//${host}${prefix}`,
    ...(prefix === '' ? {} : { jenkinsUriPrefix: prefix }),
  };
}

/** Settings by the name of their file. */
export function configScripts({ libraries = [], credentials = {}, sonarServers = [] }: JenkinsProps): {
  [name: string]: string;
} {
  const ids = Object.keys(credentials);
  return {
    ...(libraries.length === 0
      ? {}
      : { libraries: cascText({ unclassified: { globalLibraries: { libraries: libraries.map(library) } } }) }),
    ...(ids.length === 0 ? {} : { credentials: cascText(credentialStore(credentials)) }),
    ...(sonarServers.length === 0
      ? {}
      : {
          sonarqube: cascText({
            unclassified: {
              sonarGlobalConfiguration: { buildWrapperEnabled: true, installations: sonarServers.map(sonar) },
            },
          }),
        }),
  };
}

function library({
  name,
  url,
  defaultVersion,
  credential,
  libraryPath,
  loadedImplicitly,
  allowVersionOverride,
}: SharedLibrary): CascValue {
  return {
    name,
    defaultVersion,
    implicit: loadedImplicitly ?? false,
    allowVersionOverride: allowVersionOverride ?? true,
    retriever: {
      modernSCM: {
        libraryPath,
        scm: { git: { remote: url, credentialsId: credential, traits: ['gitBranchDiscovery', 'gitTagDiscovery'] } },
      },
    },
  };
}

function sonar({ name = 'sonar', url, credential }: SonarServer): CascValue {
  return { name, serverUrl: url, credentialsId: credential };
}

function credentialStore(credentials: { readonly [id: string]: JenkinsCredential }): CascValue {
  const list = Object.entries(credentials).map(([id, credential]) => ({
    [credential._kind()]: credentialFields(id, credential),
  }));
  return { credentials: { system: { domainCredentials: [{ credentials: list }] } } };
}

/** Fields as the plugins credentials, plain-credentials and ssh-credentials name them. */
function credentialFields(id: string, credential: JenkinsCredential): CascValue {
  const keys = credential._keys();
  const value = (field: string, isFile = false) => {
    const key = keys[field];
    return key === undefined ? '' : new SecretReference(key, isFile);
  };
  const common = { scope: 'GLOBAL', id };
  switch (credential._kind()) {
    case 'usernamePassword':
      return { ...common, username: value('username'), password: value('password') };
    case 'string':
      return { ...common, secret: value('secret') };
    case 'file':
      return { ...common, fileName: credential._fileName() ?? id, secretBytes: value('content', true) };
    case 'basicSSHUserPrivateKey':
      return {
        ...common,
        username: value('username'),
        privateKeySource: { directEntry: { privateKey: value('privateKey') } },
      };
  }
}

/** jenkinsci/oic-auth-plugin, src/test/resources ConfigurationAsCode*.yml. */
function securityRealm(login: JenkinsSingleSignOn): CascValue {
  return {
    oic: {
      clientId: login.clientId,
      clientSecret: new SecretReference(login.clientSecret),
      serverConfiguration: {
        wellKnown: {
          wellKnownOpenIDConfigurationUrl: login.wellKnownUrl,
          scopesOverride: login.scopes ?? 'openid email profile groups',
        },
      },
      userNameField: login.userNameField ?? 'preferred_username',
      groupsFieldName: login.groupsField ?? 'groups',
      fullNameFieldName: login.fullNameField ?? 'name',
      emailFieldName: login.emailField ?? 'email',
      logoutFromOpenidProvider: login.logoutFromProvider ?? true,
    },
  };
}

const READ = ['Overall/Read', 'Job/Read', 'View/Read'];
const BUILD = ['Job/Build', 'Job/Cancel', 'Job/Workspace', 'Run/Replay'];

/** jenkinsci/matrix-auth-plugin, src/test/resources configuration-as-code-v3.yml. */
function matrix(groups: {
  readonly administrators: string[];
  readonly developers?: string[];
  readonly readers?: string[];
}): CascValue {
  const entry = (name: string, permissions: readonly string[]): CascValue => ({ group: { name, permissions } });
  const { administrators, developers = [], readers = [] } = groups;
  return {
    globalMatrix: {
      entries: [
        ...administrators.map((name) => entry(name, ['Overall/Administer'])),
        ...developers.map((name) => entry(name, [...READ, ...BUILD])),
        ...readers.map((name) => entry(name, READ)),
      ],
    },
  };
}

/** A template of the plugin kubernetes: the pod as YAML, into which it puts the container that talks to Jenkins. */
function podTemplate({ name, agent, labels = [], idleMinutes = 0, instanceCap }: JenkinsAgent): CascValue {
  const tree = agent._tree();
  if (tree.kind !== 'pod') return {};
  return {
    name,
    label: [name, ...labels].join(' '),
    nodeUsageMode: 'EXCLUSIVE',
    idleMinutes,
    instanceCap,
    inheritFrom: tree.inheritFrom,
    serviceAccount: tree.serviceAccount,
    yamlMergeStrategy: 'override',
    yaml: podYaml(tree),
  };
}

/** Keys of Secrets that the settings refer to, each once. */
export function mountedSecrets({ credentials = {}, singleSignOn }: JenkinsProps): SecretKey[] {
  const all = [
    ...Object.values(credentials).flatMap((credential) => Object.values(credential._keys())),
    ...(singleSignOn === undefined ? [] : [singleSignOn.clientSecret]),
  ];
  return [...new Map(all.map((key) => [`${key.secret}\0${key.key}`, key])).values()];
}

function list<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

function withoutEmptyCasc(members: Values): Values {
  return Object.fromEntries(
    Object.entries(present(members)).filter(
      ([key, value]) => key !== 'JCasC' || Object.keys(value as object).length > 0,
    ),
  );
}
