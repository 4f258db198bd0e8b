// node --import peak-memory.ts …: writes the peak memory of the process, megabytes, to the file PEAK_MEMORY_FILE when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const file = process.env.PEAK_MEMORY_FILE;
  if (file !== undefined) writeFileSync(file, String(process.resourceUsage().maxRSS / 1024));
});
