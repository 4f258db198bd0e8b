/** GPUs that can be partitioned in hardware (MIG) and whose profiles are known. */
export enum MigModel {
  /** A30, 24 GB. */
  A30 = 'A30',
  /** A100 and A800, 40 GB. */
  A100_40GB = 'A100-40GB',
  /** A100 and A800, 80 GB. */
  A100_80GB = 'A100-80GB',
  /** PG506, 96 GB. */
  PG506_96GB = 'PG506-96GB',
  /** H100 and H800, 80 GB. */
  H100_80GB = 'H100-80GB',
  /** H100 NVL and H800 NVL, 94 GB. */
  H100_NVL = 'H100-NVL',
  /** H100 and H20, 96 GB. */
  H100_96GB = 'H100-96GB',
  /** GH200, 96 GB. */
  GH200_96GB = 'GH200-96GB',
  /** GH200, 144 GB HBM3e. */
  GH200_144GB = 'GH200-144GB',
  /** H200 and H200 NVL, 141 GB. */
  H200 = 'H200',
  /** B200, 180 GB. */
  B200 = 'B200',
  /** B300, 269 GB. */
  B300 = 'B300',
  /** GB200, 186 GB. */
  GB200 = 'GB200',
  /** GB300, 278 GB. */
  GB300 = 'GB300',
  /** RTX PRO 6000 Blackwell, 96 GB. */
  RTX_PRO_6000 = 'RTX-PRO-6000',
}
