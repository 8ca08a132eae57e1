// The person side of the simulator (JSON over HTTP). A refusal throws an Error with the server's detail.

async function request(method, path, body) {
  const init = { method };
  if (body instanceof FormData) init.body = body;
  else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  const response = await fetch(path, init);
  const text = await response.text();
  const data = text ? parse(text) : null;
  if (!response.ok) throw Object.assign(new Error(detail(data, response)), { status: response.status });
  return data;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { detail: text.slice(0, 200) };
  }
}

function detail(data, response) {
  const found = data?.detail ?? data?.description;
  if (Array.isArray(found)) return found.map((item) => item.msg ?? String(item)).join("; ");
  return found ? String(found) : `${response.status} ${response.statusText}`;
}

export const get = (path) => request("GET", path);
export const post = (path, body = {}) => request("POST", path, body);
export const put = (path, body = {}) => request("PUT", path, body);
export const del = (path) => request("DELETE", path);
export const fileUrl = (fileId) => `/sim/files/${encodeURIComponent(fileId)}`;

/** A form with the fields that have a value. */
export function form(fields) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null || value === "") continue;
    for (const item of Array.isArray(value) ? value : [value]) data.append(name, item);
  }
  return data;
}
