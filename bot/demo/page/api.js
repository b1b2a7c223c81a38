// What the page knows, and how it asks the server.

export const state = { me: "ana", place: null, view: null, clock: null, offset: 0, commands: null };

export const now = () => new Date(Date.now() + state.offset);

async function ask(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

export const get = (path) => ask(path);

function post(path, body) {
  return ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ as: state.me, ...body }) });
}

export const act = (verb, body) => post("/do", { verb, place: state.place, ...body });
export const control = (verb, body = {}) => post("/control", { verb, ...body });

export function listen(onState, onLost) {
  const source = new EventSource("/events");
  source.onmessage = (event) => onState(JSON.parse(event.data));
  source.onerror = () => onLost();
}

export function setClock(clock) {
  state.clock = clock;
  state.offset = new Date(clock.now) - Date.now();
}

export const person = (id) => state.view?.people.find((one) => one.id === id);
export const role = (id) => state.view?.roles.find((one) => one.id === id);
export const placeOf = (id) => state.view?.places.find((one) => one.id === id);
export const persona = () => state.view?.personas.find((one) => one.key === state.me);
