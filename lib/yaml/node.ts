/** The syntax tree of one YAML document: what the parser gives and the converter reads. */
export type Node = ScalarNode | SequenceNode | MappingNode | AliasNode;

interface Located {
  /** Offset of the first character of the node, its properties included. */
  readonly offset: number;
}

export interface ScalarNode extends Located {
  readonly kind: 'scalar';
  /** After folding and escapes; '' where nothing is written. */
  readonly text: string;
  /** Written without quotes and not as a block. */
  readonly plain: boolean;
  /** Whole tag, e.g. "tag:yaml.org,2002:int", "!local"; undefined when there is none. */
  readonly tag: string | undefined;
}

export interface SequenceNode extends Located {
  readonly kind: 'sequence';
  readonly items: Node[];
}

export interface MappingNode extends Located {
  readonly kind: 'mapping';
  readonly pairs: { readonly key: Node; readonly value: Node }[];
}

export interface AliasNode extends Located {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: Node;
}
