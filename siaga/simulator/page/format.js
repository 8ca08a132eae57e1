// Times, sizes, names and one-line previews.

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayThisYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const dayOtherYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const short = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

export const time = (seconds) => clock.format(new Date(seconds * 1000));
export const timeExact = (seconds) => exact.format(new Date(seconds * 1000));
export const fullDate = (seconds) => new Date(seconds * 1000).toLocaleString("en-GB");
export const dayKey = (seconds) => new Date(seconds * 1000).toDateString();

export function day(seconds) {
  const date = new Date(seconds * 1000);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return "Today";
  const yesterday = new Date(now.getTime() - 86_400_000);
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return (date.getFullYear() === now.getFullYear() ? dayThisYear : dayOtherYear).format(date);
}

export function listTime(seconds) {
  const sameDay = dayKey(seconds) === new Date().toDateString();
  return sameDay ? time(seconds) : short.format(new Date(seconds * 1000));
}

export function size(bytes) {
  if (!bytes && bytes !== 0) return "";
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && unit ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export const duration = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export function personName(person) {
  if (!person) return "Unknown";
  return [person.first_name, person.last_name].filter(Boolean).join(" ") || person.title || `#${person.id}`;
}

export function initials(name) {
  const words = name.replace(/[^\p{L}\p{N}\s]/gu, "").trim().split(/\s+/).filter(Boolean);
  if (!words.length) return [...name][0] ?? "?";
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters.map((word) => [...word][0].toUpperCase()).join("");
}

/** The words of a service message, or "" for an ordinary one. */
export function serviceText(message) {
  const who = personName(message.from ?? message.sender_chat);
  if (message.forum_topic_created) return `${who} created the topic “${message.forum_topic_created.name}”`;
  if (message.forum_topic_edited) {
    const name = message.forum_topic_edited.name;
    return name ? `${who} renamed the topic to “${name}”` : `${who} changed the topic icon`;
  }
  if (message.forum_topic_closed) return `${who} closed the topic`;
  if (message.forum_topic_reopened) return `${who} reopened the topic`;
  if (message.pinned_message) return `${who} pinned “${preview(message.pinned_message)}”`;
  if (message.new_chat_members) return `${message.new_chat_members.map(personName).join(", ")} joined the group`;
  if (message.left_chat_member) return `${personName(message.left_chat_member)} left the group`;
  if (message.group_chat_created || message.supergroup_chat_created) return "Group created";
  if (message.new_chat_title) return `${who} changed the group name to “${message.new_chat_title}”`;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "Group upgraded to a supergroup";
  return "";
}

/** One line that stands for a message in a list, a quote or the pinned bar. */
export function preview(message) {
  if (!message) return "";
  const service = serviceText(message);
  if (service) return service;
  const caption = message.caption ? `, ${message.caption}` : "";
  const flat = (text) => text.replace(/\s+/g, " ").slice(0, 140);
  if (message.text) return flat(message.text);
  if (message.photo) return flat(`🖼 ${message.caption || "Photo"}`);
  if (message.venue) return flat(`📍 ${message.venue.title}`);
  if (message.location) return message.location.live_period ? "📍 Live location" : "📍 Location";
  if (message.contact) return flat(`👤 ${personName(message.contact)}`);
  if (message.voice) return `🎤 Voice message${flat(caption)}`;
  if (message.document) return flat(`📎 ${message.document.file_name || "File"}${caption}`);
  return "Message";
}
