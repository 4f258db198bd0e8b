import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rigModulesFolder } from './modules-folder.ts';
import { kubernetesRelease, TOOLS, type ToolDefinition } from './tool-catalogue.ts';

const modules = rigModulesFolder();
const tools: [string, ToolDefinition][] = Object.entries(TOOLS);

/** Prometheus 3.14.0 is module version v0.314.0 (its modules never went past v0). */
function moduleVersion(tool: ToolDefinition): string {
  return tool.module === 'promtool' ? 'v0.314.0' : `v${tool.version}`;
}

describe('the tool catalogue', () => {
  it.each(tools)('pins %s in its module to the version it promises, with checksums', (_, tool) => {
    const goMod = readFileSync(join(modules, tool.module, 'go.mod'), 'utf8');
    const goSum = readFileSync(join(modules, tool.module, 'go.sum'), 'utf8');
    const main = tool.package === '.' ? 'go.etcd.io/etcd/server/v3' : tool.package.replace(/\/cmd\/.*/, '');
    expect(goMod).toContain(`${main} ${moduleVersion(tool)}`);
    expect(goSum).toContain(`${main} ${moduleVersion(tool)} h1:`);
    if (tool.package !== '.') expect(goMod).toMatch(new RegExp(`^(tool )?\\s*${tool.package}$`, 'm'));
  });

  it('uses every module folder, and none replaces a module by a folder', () => {
    const folders = readdirSync(modules).sort();
    expect([...new Set(tools.map(([, tool]) => tool.module))].sort()).toEqual(folders);
    for (const folder of folders) {
      expect(readFileSync(join(modules, folder, 'go.mod'), 'utf8')).not.toMatch(/=> \.{0,2}\//);
    }
  });

  it('finds a Kubernetes release by minor or patch version', () => {
    expect(kubernetesRelease()?.version).toBe('1.36.3');
    expect(kubernetesRelease('1.34')?.apiServer).toBe('kube-apiserver-1.34');
    expect(kubernetesRelease('v1.35.4')?.apiServer).toBe('kube-apiserver-1.35');
    expect(kubernetesRelease('1.35.1')).toBeUndefined();
    expect(kubernetesRelease('1.3')).toBeUndefined();
  });
});
