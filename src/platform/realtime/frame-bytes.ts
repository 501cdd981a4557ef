// Frames of the server as bytes on the wire (RFC 6455, 5.2): one buffer with head and payload, made once however many sockets
// it goes to, and written at once. Servers do not mask, and we do not compress, so there is nothing else to it.

const TEXT_FRAME = 0x81;
const LARGEST_SHORT = 125;
const LARGEST_MEDIUM = 65_535;

/** `{event, data, id?}` as text. @param event ours, so it needs no escaping @param json of the data @param id of the frame */
export function frameText(event: string, json: string, id?: string): string {
  return id === undefined
    ? `{"event":"${event}","data":${json}}`
    : `{"event":"${event}","data":${json},"id":${JSON.stringify(id)}}`;
}

/** A text message as it goes over the wire. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headLength = length <= LARGEST_SHORT ? 2 : length <= LARGEST_MEDIUM ? 4 : 10;
  const frame = Buffer.allocUnsafe(headLength + length);
  frame[0] = TEXT_FRAME;
  if (headLength === 2) {
    frame[1] = length;
  } else if (headLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  frame.write(text, headLength, length, 'utf8');
  return frame;
}
