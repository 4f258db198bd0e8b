import type { Mistake } from '../../devops/private/mistake';
import { DNS_LABEL_RULE, isConfigKey, isDnsLabel, isDnsSubdomain, isLabelValue } from '../../private/names';
import { saidTwice } from '../../private/said-twice';
import type { JenkinsProps } from '../jenkins-props';
import { configScripts, mountedSecrets } from './jenkins-values';

/** Ids of credentials, as they stand in addresses of Jenkins. */
const ID = /^[A-Za-z0-9_.-]+$/;
/** An address without anything that the chart, which puts it into YAML as it is, could read otherwise. */
const ADDRESS = /^https?:\/\/[A-Za-z0-9.-]+(:\d+)?(\/[A-Za-z0-9._~/-]*)?$/;

/** What is wrong with the settings of a Jenkins. */
export function jenkinsMistakes(props: JenkinsProps): Mistake[] {
  const {
    agents = [],
    libraries = [],
    credentials = {},
    sonarServers = [],
    singleSignOn,
    authorization,
    plugins = {},
  } = props;
  const mistakes: Mistake[] = [];
  const add = (code: Mistake['code'], what: string, fix: string) => mistakes.push({ code, what, fix });
  const plain = 'Use letters, digits, "-", "_" and ".".';

  for (const { name, agent, labels = [], idleMinutes = 0, instanceCap = 1 } of agents) {
    if (!isDnsLabel(name)) add('ORR2003', `"${name}" is not a valid name of an agent.`, `Use ${DNS_LABEL_RULE}.`);
    if (agent._tree().kind !== 'pod')
      add('ORR2012', `Agent "${name}" is no pod.`, 'Use PipelineAgent.pod([BuildContainer.…]).');
    for (const label of labels)
      if (!isLabelValue(label) || label === '') add('ORR2003', `"${label}" is not a valid label of an agent.`, plain);
    if (!Number.isInteger(idleMinutes) || idleMinutes < 0)
      add('ORR2011', `idleMinutes of agent "${name}" is ${idleMinutes}.`, 'Use a whole number.');
    if (!Number.isInteger(instanceCap) || instanceCap < 1)
      add('ORR2011', `instanceCap of agent "${name}" is ${instanceCap}.`, 'Use a whole number from 1 on.');
  }
  for (const name of saidTwice(agents.map(({ name }) => name)))
    add('ORR2004', `Two agents are called "${name}".`, 'Give one of them another name.');
  for (const { name, url, defaultVersion, credential } of libraries) {
    if (!/^[A-Za-z0-9_.-]+$/.test(name)) add('ORR2003', `"${name}" is not a valid name of a shared library.`, plain);
    if (/\s/.test(url) || url === '') add('ORR2011', `The url of library "${name}" is no address.`, 'Correct it.');
    if (defaultVersion.trim() === '')
      add('ORR2011', `Library "${name}" has no defaultVersion.`, 'Name a branch, a tag or a commit.');
    if (credential !== undefined) known(credential, `Library "${name}"`);
  }
  for (const name of saidTwice(libraries.map(({ name }) => name)))
    add('ORR2004', `Two libraries are called "${name}".`, 'Give one of them another name.');
  for (const { name = 'sonar', url, credential } of sonarServers) {
    if (!ADDRESS.test(url))
      add(
        'ORR2011',
        `The url of SonarQube "${name}" is no http address.`,
        'Write it like "https://sonar.example.com".',
      );
    known(credential, `SonarQube "${name}"`);
  }
  for (const name of saidTwice(sonarServers.map(({ name = 'sonar' }) => name)))
    add('ORR2004', `Two servers of SonarQube are called "${name}".`, 'Give one of them another name.');
  for (const id of Object.keys(credentials))
    if (!ID.test(id)) add('ORR2003', `"${id}" is not a valid id of a credential.`, plain);
  for (const { secret, key } of mountedSecrets(props)) {
    if (!isDnsSubdomain(secret))
      add('ORR2003', `"${secret}" is not a valid name of a Secret.`, `Use ${DNS_LABEL_RULE}.`);
    if (!isConfigKey(key)) add('ORR2003', `"${key}" is not a valid key of a Secret.`, plain);
  }
  if (singleSignOn !== undefined && !/^https:\/\//.test(singleSignOn.wellKnownUrl))
    add(
      'ORR2011',
      'The wellKnownUrl of the provider does not begin with https:.',
      'Write it like "https://login.example.com/.well-known/openid-configuration".',
    );
  if (singleSignOn !== undefined && authorization === undefined)
    add(
      'ORR2012',
      'Everybody with an account of the provider would be an administrator of Jenkins.',
      'Set authorization: JenkinsAuthorization.groups({ … }).',
    );
  const { administrators = ['somebody'] } = authorization?._groups() ?? {};
  if (administrators.length === 0)
    add('ORR2012', 'Nobody is an administrator of Jenkins.', 'Name a group in administrators.');
  for (const { plugin, why } of neededPlugins(props)) {
    if (plugins[plugin] !== undefined) continue;
    add(
      'ORR2013',
      `${why} needs plugin "${plugin}", which the chart does not install.`,
      `Add it with its version: plugins: { '${plugin}': '…' }.`,
    );
  }
  for (const [id, version] of Object.entries(plugins)) {
    if (/^[A-Za-z0-9_.-]+$/.test(id) && /^[A-Za-z0-9_.-]+$/.test(version)) continue;
    add('ORR2011', `Plugin "${id}" of version "${version}" is none.`, 'Name an exact version.');
  }
  if (props.url !== undefined && !ADDRESS.test(props.url))
    add('ORR2011', `The url "${props.url}" is no http address.`, 'Write it like "https://ci.example.com".');
  if (props.adminSecret !== undefined && !isDnsSubdomain(props.adminSecret))
    add('ORR2003', `"${props.adminSecret}" is not a valid name of a Secret.`, `Use ${DNS_LABEL_RULE}.`);
  if (props.agentNamespace !== undefined && !isDnsLabel(props.agentNamespace))
    add('ORR2003', `"${props.agentNamespace}" is not a valid namespace.`, `Use ${DNS_LABEL_RULE}.`);
  if (props.agentCap !== undefined && (!Number.isInteger(props.agentCap) || props.agentCap < 1))
    add('ORR2011', `agentCap is ${props.agentCap}.`, 'Use a whole number from 1 on.');
  // The chart leaves its securityRealm and authorizationStrategy out where any script contains the word (templates/jcasc-config.yaml).
  const text = Object.values(configScripts(props)).join('\n');
  for (const word of ['securityRealm:', 'authorizationStrategy:'])
    if (text.includes(word))
      add('ORR2011', `A setting contains "${word}", for which the chart would leave its own out.`, 'Use another text.');
  return mistakes;

  function known(id: string, who: string): void {
    if (credentials[id] === undefined)
      add(
        'ORR2013',
        `${who} is read with credential "${id}", which there is not.`,
        `Add it to credentials: ${Object.keys(credentials).join(', ') || 'none so far'}.`,
      );
  }
}

/** Plugins that the chart does not bring (kubernetes, workflow-aggregator, git, configuration-as-code and what these need). */
function neededPlugins({
  singleSignOn,
  authorization,
  sonarServers = [],
}: JenkinsProps): { plugin: string; why: string }[] {
  return [
    ...(singleSignOn === undefined ? [] : [{ plugin: 'oic-auth', why: 'singleSignOn' }]),
    ...(authorization?._groups() === undefined ? [] : [{ plugin: 'matrix-auth', why: 'authorization by groups' }]),
    ...(sonarServers.length === 0 ? [] : [{ plugin: 'sonar', why: 'SonarQube' }]),
  ];
}
