import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packedChart, STOREFRONT, type TarEntry, tarArchive } from '../../test/chart-fixtures.ts';
import { readChartArchive } from './chart-archive.ts';

describe('a chart', () => {
  it('is read from its archive, long names included', () => {
    const names = readChartArchive(packedChart(STOREFRONT, 'storefront')).map(({ name }) => name);
    expect(names[0]).toBe('storefront/Chart.yaml');
    expect(names).toContain('storefront/charts/cache/templates/cache.yaml');
    const long = `sample/templates/${'x'.repeat(120)}.yaml`;
    const files = readChartArchive(
      tarArchive([
        { name: 'long', type: 'L', content: `${long}\0` },
        { name: 'short', content: 'a: 1' },
      ]),
    );
    expect(files.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([[long, 'a: 1']]);
  });

  const chartFile: TarEntry = { name: 'sample/Chart.yaml', content: 'apiVersion: v2\nname: sample\nversion: 0.1.0\n' };
  it.each<[string, readonly TarEntry[], string]>([
    ['a path above it', [chartFile, { name: 'sample/../../evil', content: 'x' }], 'outside'],
    ['an absolute path', [chartFile, { name: '/tmp/evil', content: 'x' }], 'outside'],
    ['a backslash path above it', [chartFile, { name: 'sample\\..\\..\\evil', content: 'x' }], 'outside'],
    ['a Windows path', [chartFile, { name: 'C:\\evil', content: 'x' }], 'outside'],
    ['a symbolic link', [chartFile, { name: 'sample/link', type: '2' }], 'link'],
    ['a hard link', [chartFile, { name: 'sample/link', type: '1' }], 'link'],
    ['a device', [chartFile, { name: 'sample/zero', type: '3' }], 'link or a device'],
    [
      'a path in a pax record',
      [
        { name: 'pax', type: 'x', content: '20 path=../../evil\n\n' },
        { name: 'x', content: 'x' },
      ],
      'outside',
    ],
    [
      'a NUL in a pax record',
      [
        { name: 'pax', type: 'x', content: '15 path=ev\0il\n\n' },
        { name: 'x', content: 'x' },
      ],
      'usable name',
    ],
    [
      'a long GNU name above it',
      [
        { name: 'long', type: 'L', content: '../../evil\0' },
        { name: 'x', content: 'x' },
      ],
      'outside',
    ],
    [
      'a file larger than helm takes',
      [chartFile, { name: 'sample/big', content: Buffer.alloc(6 * 1024 * 1024) }],
      '5 MiB',
    ],
    ['a size that is cut off', [chartFile, { name: 'sample/cut', content: 'x', size: 4096 * 1024 }], 'middle'],
  ])('as an archive with %s is refused', (_, entries, word) => {
    expect(() => readChartArchive(tarArchive(entries))).toThrow(
      expect.objectContaining({ name: 'HostileArchive', message: expect.stringContaining(word) }),
    );
  });

  it('as an archive that unpacks to gigabytes is refused', () => {
    const member = gzipSync(Buffer.alloc(5 * 1024 * 1024));
    expect(() => readChartArchive(Buffer.concat(Array.from({ length: 400 }, () => member)))).toThrow('100 MiB');
  });
});
