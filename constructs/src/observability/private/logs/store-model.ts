import type { ExistingIndexStoreProps, LogEndpoint, LokiStoreProps, OpenSearchStoreProps } from '../../log-store';

/** A store of logs, as it was asked for. */
export type StoreModel =
  | { readonly kind: 'opensearch'; readonly props: OpenSearchStoreProps }
  | { readonly kind: 'loki'; readonly props: LokiStoreProps }
  | { readonly kind: 'existing-opensearch' | 'existing-elasticsearch'; readonly props: ExistingIndexStoreProps }
  | { readonly kind: 'existing-loki'; readonly props: LogEndpoint };

/** Whose API a store has. */
export type StoreApi = 'opensearch' | 'elasticsearch' | 'loki';

export function apiOf({ kind }: StoreModel): StoreApi {
  switch (kind) {
    case 'opensearch':
    case 'existing-opensearch':
      return 'opensearch';
    case 'existing-elasticsearch':
      return 'elasticsearch';
    default:
      return 'loki';
  }
}
