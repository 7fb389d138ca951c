/** What `format` means for strings: expressions whose texts every validator takes. */

const DATE =
  "\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))";
const TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)";
const HOURS = "(?:\\d{1,3}H(?:\\d{1,3}M(?:\\d{1,3}S)?)?|\\d{1,3}M(?:\\d{1,3}S)?|\\d{1,3}S)";
const DAYS = "(?:\\d{1,3}Y(?:\\d{1,2}M(?:\\d{1,3}D)?)?|\\d{1,2}M(?:\\d{1,3}D)?|\\d{1,3}D)";
const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const GROUP = "[0-9a-fA-F]{1,4}";
const PATH_CHARACTER = "(?:[a-zA-Z0-9._~!$&'()*+,;=:@-]|%[0-9a-fA-F]{2})";
const POINTER = "(?:/(?:[^/~]|~[01])*)*";
const PATH = `(?:/${PATH_CHARACTER}*)*(?:\\?(?:${PATH_CHARACTER}|[/?])*)?(?:#(?:${PATH_CHARACTER}|[/?])*)?`;
const URI = `[a-z]{2,12}://${LABEL}(?:\\.${LABEL}){0,8}(?::[1-9]\\d{0,3})?${PATH}`;

/** By name. What is not here is refused, as nothing would hold the output to it. */
export const STRING_FORMATS: Readonly<Record<string, string>> = {
  date: DATE,
  time: TIME,
  "date-time": `${DATE}T${TIME}`,
  duration: `P(?:\\d{1,3}W|${DAYS}(?:T${HOURS})?|T${HOURS})`,
  email: `[a-zA-Z0-9_+-]+(?:\\.[a-zA-Z0-9_+-]+)*@(?:${LABEL}\\.){1,8}[a-zA-Z]{2,24}`,
  hostname: `${LABEL}(?:\\.${LABEL}){0,8}`,
  ipv4: `(?:${OCTET}\\.){3}${OCTET}`,
  ipv6: `(?:${GROUP}:){7}${GROUP}|(?:${GROUP}:){1,6}:${GROUP}|::${GROUP}`,
  uuid: "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}",
  uri: URI,
  "uri-reference": `${URI}|${PATH}`,
  "uri-template": `(?:${PATH_CHARACTER}|[/?#]|\\{[a-zA-Z0-9_]+\\})*`,
  "json-pointer": POINTER,
  "relative-json-pointer": `(?:0|[1-9]\\d{0,3})(?:#|${POINTER})`,
};
