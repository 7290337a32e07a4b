// Writes requests in their canonical form as Atlassian's own package does, for the server's tests to compare.
// Reads a JSON array of {method, url, base, form} from standard input, writes an array of {canonical, hash}.
// `form` is the body of a form as an object, or null; the package looks at it where there is no query.

import { readFileSync } from 'node:fs';
import jwt from '@atlassian/atlassian-jwt';

const answers = JSON.parse(readFileSync(0, 'utf8')).map(({ method, url, base, form }) => {
  const request = { ...jwt.fromMethodAndUrl(method, url), body: form };
  return {
    canonical: jwt.createCanonicalRequest(request, form !== null, base),
    hash: jwt.createQueryStringHash(request, form !== null, base),
  };
});
process.stdout.write(JSON.stringify(answers));
