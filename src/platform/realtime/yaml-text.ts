// Writes the part of YAML that our documents need: blocks of maps and lists, and scalars as JSON wherever a plain one could be
// read as something else. JSON scalars are YAML scalars.

const PLAIN = /^[A-Za-z][A-Za-z0-9 _/.()-]*$/;
const READ_OTHERWISE = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

export function yamlText(value: unknown): string {
  return `${block(value, '').trimStart()}\n`;
}

/** Beginning with a line break where it needs lines of its own, else with a space. */
function block(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []';
    return value.map((one) => `\n${indent}-${nested(one, `${indent}  `)}`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    if (entries.length === 0) return ' {}';
    return entries.map(([key, inner]) => `\n${indent}${scalar(key)}:${block(inner, `${indent}  `)}`).join('');
  }
  return ` ${scalar(value)}`;
}

/** Of an element of a list: its first line stands behind the dash. */
function nested(value: unknown, indent: string): string {
  const text = block(value, indent);
  return text.startsWith(`\n${indent}`) ? ` ${text.slice(1 + indent.length)}` : text;
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return PLAIN.test(value) && !value.endsWith(' ') && !READ_OTHERWISE.test(value)
    ? value
    : JSON.stringify(value);
}
