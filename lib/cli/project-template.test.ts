import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config/read-config.ts';
import { projectFiles, TEMPLATE_VERSIONS } from './project-template.ts';

const files = projectFiles({ id: 'my-platform', version: '1.2.3' });

describe('a new project', () => {
  it('asks for the versions that this repository is built and tested with', () => {
    const { devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    for (const [name, range] of Object.entries(TEMPLATE_VERSIONS))
      expect(range.slice(1), name).toBe(devDependencies[name]);
  });

  it('asks for the packages of the command that made it', () => {
    expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({
      name: 'my-platform',
      dependencies: { '@orrery/cli': '1.2.3', '@orrery/constructs': '1.2.3' },
    });
  });

  it('has a cdk8s.yaml that says how every cluster of its program is reached', () => {
    const config = parseConfig(files['cdk8s.yaml'] ?? '', { file: '/new/cdk8s.yaml', name: 'cdk8s.yaml' });
    const clusters = [...(files['main.ts'] ?? '').matchAll(/clusters\.add\('([^']+)'/g)].map(([, name]) => name);
    expect(config.app).toBe('node main.ts');
    expect([...config.targets.keys()]).toEqual(clusters);
  });
});
