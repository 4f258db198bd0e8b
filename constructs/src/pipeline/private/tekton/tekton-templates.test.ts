import { describe, expect, it } from 'vitest';
import { Placement } from '../../../placement';
import type { PipelineDefinition } from '../../pipeline-definition';
import { BuildTool } from '../../pipeline-step-props';
import { PipelineTemplate } from '../../pipeline-template';
import { tektonShortcomings } from './tekton-shortcomings';
import { tektonTranslation } from './tekton-translation';

const IMAGE = { image: 'registry.example.com/shop/cart', registryCredential: 'registry' };
const everything = { image: IMAGE, deployment: { submitters: ['ann'] } };

const TEMPLATES: { readonly [name: string]: PipelineDefinition } = {
  nodeProject: PipelineTemplate.nodeProject(everything),
  mavenProject: PipelineTemplate.mavenProject(everything),
  gradleProject: PipelineTemplate.gradleProject(everything),
  goProject: PipelineTemplate.goProject(everything),
  pythonProject: PipelineTemplate.pythonProject(everything),
  dotnetProject: PipelineTemplate.dotnetProject(everything),
  frontEnd: PipelineTemplate.frontEnd(everything),
  libraryRelease: PipelineTemplate.libraryRelease({ tool: BuildTool.NODE, credential: 'npm', submitters: ['ann'] }),
  imageOnly: PipelineTemplate.imageOnly({ image: IMAGE }),
};

describe('templates of pipelines on Tekton', () => {
  it.each(Object.entries(TEMPLATES))('%s becomes tasks', (name, definition) => {
    const tree = definition._tree();
    expect(tektonShortcomings(tree)).toEqual([]);
    const { findings } = tektonTranslation('shop', tree, {
      placement: Placement.everywhere(),
      namespaceName: 'ci',
      artifactsClaim: 'reports',
      source: { url: 'https://git.example.com/shop.git' },
    });
    expect(findings, name).toEqual([]);
  });

  it('that let one build run at a time are not for it', () => {
    const definition = PipelineTemplate.delivery({ deployment: { submitters: ['ann'] } });
    expect(tektonShortcomings(definition._tree()).map(({ what }) => what)).toContain(
      'option "disableConcurrentBuilds"',
    );
  });
});
