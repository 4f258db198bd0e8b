import { isImage } from '../image-name';
import { isDnsLabel } from '../private/names';
import { failHere } from '../private/problem';
import { addressMistakes } from './private/source-fields';

/** Of sources in Git. */
export interface ImageSourceOptions {
  /** Branch, tag or commit. @default "master", the operator's */
  readonly revision?: string;
  /** Folder of the repository that is built. @default - its top */
  readonly directory?: string;
  /** Secret of type kubernetes.io/basic-auth that it is read with. @default - the repository is public */
  readonly secret?: string;
}

/** A JAR, WAR or other artifact that somebody uploads into KubeSphere. */
export interface UploadedArtifactOptions {
  /** Hex MD5 of the file. */
  readonly md5: string;
  /** Size as people read it, e.g. "34.2 MB". @default - none */
  readonly size?: string;
}

/** Of an artifact in a registry. */
export interface OciArtifactOptions {
  /** Folder in it that is built. @default - its top */
  readonly directory?: string;
  /** Secret of type kubernetes.io/dockerconfigjson that it is pulled with. @default - anybody may */
  readonly secret?: string;
}

/** What an image is made of, and how that reaches the build. */
export class ImageInput {
  /** Sources of a repository in Git. */
  public static git(url: string, options: ImageSourceOptions = {}): ImageInput {
    for (const mistake of addressMistakes('url', url))
      failHere(undefined, 'ORR2011', `The input is wrong: ${mistake}.`, { fix: 'Correct it.' });
    return new ImageInput('git', url, options);
  }

  /** An artifact at an address that the build fetches: the registry of packages of a Maven build, a bucket, … The address has no user and no password. */
  public static artifactUrl(url: string): ImageInput {
    for (const mistake of addressMistakes('url', url))
      failHere(undefined, 'ORR2011', `The input is wrong: ${mistake}.`, { fix: 'Correct it.' });
    if (!/^https?:\/\//.test(url))
      failHere(undefined, 'ORR2012', `A build in the cluster has no way to "${url}".`, {
        fix: 'Name an http address that the cluster reaches, or upload the file: ImageInput.uploaded.',
      });
    return new ImageInput('url', url, {});
  }

  /**
   * An artifact that somebody uploads into KubeSphere with its console, into an S2iBinary that this makes: the build fetches it from the API of KubeSphere.
   * @param fileName name of the file, e.g. "shop.jar"
   */
  public static uploaded(fileName: string, options: UploadedArtifactOptions): ImageInput {
    if (!/^[A-Za-z0-9][\w.-]*$/.test(fileName))
      failHere(undefined, 'ORR2011', `"${fileName}" is no name of a file.`, { fix: 'Name it without folder.' });
    if (!/^[0-9a-f]{32}$/.test(options.md5))
      failHere(undefined, 'ORR2011', `"${options.md5}" is no MD5.`, { fix: 'Write 32 hex digits: md5sum shop.jar.' });
    return new ImageInput('uploaded', fileName, {}, options);
  }

  /**
   * An artifact in a registry of images, for Shipwright: a JAR, WAR or any files, packed as an image or pushed with `oras push` as a gzipped tar. It is unpacked where sources would be.
   * @param artifactImage registry, repository and tag or digest
   */
  public static ociArtifact(artifactImage: string, options: OciArtifactOptions = {}): ImageInput {
    if (!isImage(artifactImage))
      failHere(undefined, 'ORR2011', `"${artifactImage}" is no name of an image.`, {
        fix: 'Use registry, repository and tag.',
      });
    return new ImageInput('artifact', artifactImage, options);
  }

  /**
   * What somebody sends from a machine with Shipwright's CLI: `shp build upload <build> <folder>`. The folder may hold sources, a JAR or a WAR.
   * @param name what the source is called
   */
  public static localUpload(name: string = 'upload'): ImageInput {
    if (!isDnsLabel(name))
      failHere(undefined, 'ORR2003', `"${name}" is no name of a source.`, { fix: 'Use a DNS label.' });
    return new ImageInput('local', name, {});
  }

  /**
   * A file of this machine: refused, because no object carries it into a build. What does is named.
   * @param file path of it
   */
  public static localFile(file: string): ImageInput {
    const what = `Nothing brings the file "${file}" into a build: objects of Kubernetes hold 1 MiB, and a build reads no machine of yours.`;
    const fix = `Upload it in the console of KubeSphere (ImageInput.uploaded), put it where the cluster reaches it (ImageInput.artifactUrl, ImageInput.ociArtifact), let Shipwright's CLI send it (ImageInput.localUpload), or build of the sources (ImageInput.git).`;
    return failHere(undefined, 'ORR2012', what, { fix });
  }

  private constructor(
    private readonly kind: 'git' | 'url' | 'uploaded' | 'artifact' | 'local',
    private readonly place: string,
    private readonly source: ImageSourceOptions,
    private readonly upload?: UploadedArtifactOptions,
  ) {}

  /** @internal */
  public _kind(): 'git' | 'url' | 'uploaded' | 'artifact' | 'local' {
    return this.kind;
  }

  /** @internal */
  public _place(): string {
    return this.place;
  }

  /** @internal */
  public _source(): ImageSourceOptions {
    return this.source;
  }

  /** @internal */
  public _upload(): UploadedArtifactOptions | undefined {
    return this.upload;
  }
}
