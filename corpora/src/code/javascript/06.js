import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';

const notes = new Map();
const MAX_BODY = 64 * 1024;

function sendJson(res, status, body) {
  res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  res.end(body === undefined ? '' : JSON.stringify(body));
}

async function readJson(req) {
  let raw = '';
  for await (const chunk of req.setEncoding('utf8')) {
    raw += chunk;
    if (raw.length > MAX_BODY) throw Object.assign(new Error('Payload too large'), { status: 413 });
  }
  return raw ? JSON.parse(raw) : {};
}

const server = createServer(async (req, res) => {
  const { pathname, searchParams } = new URL(req.url, `http://${req.headers.host}`);
  try {
    if (req.method === 'GET' && pathname === '/notes') {
      const query = searchParams.get('q')?.toLowerCase() ?? '';
      return sendJson(res, 200, [...notes.values()].filter((n) => n.text.toLowerCase().includes(query)));
    }
    if (req.method === 'POST' && pathname === '/notes') {
      const { text } = await readJson(req);
      if (typeof text !== 'string' || !text.trim()) return sendJson(res, 422, { error: '"text" is required' });
      const note = { id: randomUUID(), text: text.trim(), createdAt: new Date().toISOString() };
      notes.set(note.id, note);
      return sendJson(res, 201, note);
    }
    return sendJson(res, 404, { error: `No route for ${req.method} ${pathname}` });
  } catch (err) {
    return sendJson(res, err instanceof SyntaxError ? 400 : err.status ?? 500, { error: err.message });
  }
});

const port = Number(process.env.PORT) || 3000;
server.listen(port, () => console.log(`Listening on http://localhost:${port} – Ctrl+C to stop`));
