// Writes a plan into the pull request that it is of, over what an earlier run of the same pull request wrote.
import { readFileSync } from 'node:fs';

const { CHANGE_ID, GITHUB_TOKEN, GITHUB_REPOSITORY = 'example/shop' } = process.env;
const MARK = '<!-- orrery plan -->';
const [file = 'plan.md'] = process.argv.slice(2);
if (!/^\d+$/.test(CHANGE_ID ?? '')) throw new Error('This run is of no pull request.');

const body = JSON.stringify({ body: `${MARK}\n${readFileSync(file, 'utf8')}` });
const comments = `https://api.github.com/repos/${GITHUB_REPOSITORY}/issues/${CHANGE_ID}/comments`;
const own = (await ask('GET', `${comments}?per_page=100`)).find((comment) => comment.body.startsWith(MARK));
await (own === undefined ? ask('POST', comments, body) : ask('PATCH', own.url, body));

async function ask(method, address, content) {
  const headers = {
    authorization: `Bearer ${GITHUB_TOKEN}`,
    accept: 'application/vnd.github+json',
  };
  const answer = await fetch(address, {
    method,
    headers,
    ...(content === undefined ? {} : { body: content }),
  });
  if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status}`);
  return answer.json();
}
