import { extname } from 'node:path';
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
   * A file of this machine: refused, because no object carries it into a build. What does is named.
   * @param file path of it
   */
  public static localFile(file: string): ImageInput {
    const what = `Nothing brings the file "${file}" into a build: objects of Kubernetes hold 1 MiB, and a build reads no machine of yours.`;
    const fix = `Upload it in the console of KubeSphere (ImageInput.uploaded), put it where the cluster reaches it (ImageInput.artifactUrl)${extname(file) === '' ? '' : `, let Shipwright's CLI send it (shp build upload)`}, or build of the sources (ImageInput.git).`;
    return failHere(undefined, 'ORR2012', what, { fix });
  }

  private constructor(
    private readonly kind: 'git' | 'url' | 'uploaded',
    private readonly place: string,
    private readonly source: ImageSourceOptions,
    private readonly upload?: UploadedArtifactOptions,
  ) {}

  /** @internal */
  public _kind(): 'git' | 'url' | 'uploaded' {
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
