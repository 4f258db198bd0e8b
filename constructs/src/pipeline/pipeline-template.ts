import type { PipelineDefinition } from './pipeline-definition';
import { BuildTool } from './pipeline-step-props';
import type {
  DeliveryTemplateProps,
  FrontEndTemplateProps,
  ImageTemplateProps,
  LibraryReleaseTemplateProps,
  MigrationTemplateProps,
  ProjectTemplateProps,
  PromotionTemplateProps,
} from './pipeline-template-props';
import { frontEndTemplate, projectTemplate } from './private/project-templates';
import {
  deliveryTemplate,
  imageTemplate,
  libraryReleaseTemplate,
  migrationTemplate,
  promotionTemplate,
} from './private/release-templates';

/** Pipelines for what most projects need. Each is a definition like any other: take it as it is, or copy it with changes. */
export class PipelineTemplate {
  /** A project of Node: packages, build, tests. */
  public static nodeProject(props: ProjectTemplateProps = {}): PipelineDefinition {
    return projectTemplate(BuildTool.NODE, props);
  }

  /** A project of Maven: package, verify, results of tests. */
  public static mavenProject(props: ProjectTemplateProps = {}): PipelineDefinition {
    return projectTemplate(BuildTool.MAVEN, props);
  }

  /** A project of Gradle: assemble, check, results of tests. */
  public static gradleProject(props: ProjectTemplateProps = {}): PipelineDefinition {
    return projectTemplate(BuildTool.GRADLE, props);
  }

  /** A project of Go: build, tests. */
  public static goProject(props: ProjectTemplateProps = {}): PipelineDefinition {
    return projectTemplate(BuildTool.GO, props);
  }

  /** A project of Python: packages in a virtual environment, pytest, results of tests. */
  public static pythonProject(props: ProjectTemplateProps = {}): PipelineDefinition {
    return projectTemplate(BuildTool.PYTHON, props);
  }

  /** A project of .NET: build, tests. */
  public static dotnetProject(props: ProjectTemplateProps = {}): PipelineDefinition {
    return projectTemplate(BuildTool.DOTNET, props);
  }

  /** A front end: packages, build, tests, style; what the build makes is kept. */
  public static frontEnd(props: FrontEndTemplateProps = {}): PipelineDefinition {
    return frontEndTemplate(props);
  }

  /** A library: build and tests on every branch; of a tag, after somebody approved, publishing. */
  public static libraryRelease(props: LibraryReleaseTemplateProps): PipelineDefinition {
    return libraryReleaseTemplate(props);
  }

  /** Nothing but an image. */
  public static imageOnly(props: ImageTemplateProps): PipelineDefinition {
    return imageTemplate(props);
  }

  /** A version goes from clusters to clusters: `orrery apply` in each, a plan and somebody's approval before the next. */
  public static promotion(props: PromotionTemplateProps): PipelineDefinition {
    return promotionTemplate(props);
  }

  /** Changes of a database: checked on every branch; on one of them, after somebody approved, backup and change. */
  public static databaseMigration(props: MigrationTemplateProps): PipelineDefinition {
    return migrationTemplate(props);
  }

  /** A project of Orrery: the plan on pull requests, and on the branch plan, approval, apply of exactly that plan. */
  public static delivery(props: DeliveryTemplateProps = {}): PipelineDefinition {
    return deliveryTemplate(props);
  }

  private constructor() {}
}
