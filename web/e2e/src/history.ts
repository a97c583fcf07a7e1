/** What happened to one workspace in a run, as it was written down by those who took part. */
export interface History {
  /** The workspace's whole log, oldest first. */
  readonly log: readonly Entry[];
  /** Commands that were answered with success; each names itself in its event. */
  readonly answered: readonly string[];
  readonly readers: readonly Reader[];
}

/** An event in the log. */
export interface Entry extends Sight {
  /** The command that made it; undefined for what follows from others, such as a notification. */
  readonly command?: string | undefined;
}

/** What a reader writes down of an event. */
export interface Sight {
  readonly offset: number;
  readonly id: string;
  /** Of an event with a key: the same text for events of the same type, topic, audience and key. */
  readonly key?: string | undefined;
  readonly topic?: string | undefined;
  /** The only member that may see it; everyone when undefined. */
  readonly member?: string | undefined;
}

/** Where a reader came back, and the newest offset of the log at that time. */
export interface Join {
  readonly after: number;
  readonly head: number;
}

/** What a reader chooses of the log. */
export interface Choice {
  readonly member?: string | undefined;
  /** Topics and patterns; all when undefined. Events without a topic, and its own, do not depend on it. */
  readonly topics?: readonly string[] | undefined;
  /** A token that is limited to its topics: of the rest it sees its own events without a topic only. */
  readonly limited?: boolean;
}

/** What of a log a reader may see, by audiences and topics. */
export function visibleTo<T extends Sight>(log: readonly T[], choice: Choice): T[] {
  return log.filter(({ topic, member }) => {
    if (member !== undefined && member !== choice.member) return false;
    const chosen = choice.topics === undefined || (topic !== undefined && choice.topics.some((pattern) => matches(pattern, topic)));
    if (choice.limited === true) return chosen || (topic === undefined && member !== undefined);
    return chosen || topic === undefined || member !== undefined;
  });
}

function matches(pattern: string, topic: string): boolean {
  return pattern === topic || (pattern.endsWith("*") && pattern.slice(0, -1) === topic.slice(0, topic.lastIndexOf("/") + 1));
}

export interface Reader {
  readonly name: string;
  /** What of the log it may see behind its own beginning, oldest first; all of it up to `until` it must have seen. */
  readonly visible: readonly Sight[];
  readonly until: number;
  readonly seen: readonly Sight[];
  /** When it came back over a socket or a stream: of the events with a key before that head it gets only the newest. */
  readonly joins?: readonly Join[];
}

export interface Fault {
  readonly kind: "lost" | "doubled" | "inverted" | "foreign" | "hole in the log";
  readonly where: string;
  readonly what: string;
}

/**
 * Holds histories against promises 1 and 2: what was answered is in its log exactly once, offsets have no gaps, and every reader
 * saw what it may see, all of it, once, in order, and nothing else. Empty when they hold.
 */
export function faultsOf(histories: ReadonlyMap<string, History>): Fault[] {
  return [...histories].flatMap(([workspace, history]) => [
    ...faultsOfLog(workspace, history.log),
    ...faultsOfCommands(workspace, history),
    ...history.readers.flatMap((reader) => faultsOfReader(`${workspace}, ${reader.name}`, reader)),
  ]);
}

function faultsOfLog(where: string, log: readonly Entry[]): Fault[] {
  return log.flatMap(({ offset }, index): Fault[] => {
    const before = log[index - 1]?.offset ?? offset - 1;
    return offset === before + 1 ? [] : [{ kind: "hole in the log", where, what: `offset ${offset} behind ${before}` }];
  });
}

function faultsOfCommands(where: string, history: History): Fault[] {
  const times = new Map<string, number>();
  for (const { command } of history.log) if (command !== undefined) times.set(command, (times.get(command) ?? 0) + 1);
  const doubled = [...times].filter(([, count]) => count > 1);
  const lost = history.answered.filter((command) => !times.has(command));
  return [
    ...doubled.map(([command, count]): Fault => ({ kind: "doubled", where, what: `command "${command}" is in the log ${count} times` })),
    ...lost.map((command): Fault => ({ kind: "lost", where, what: `command "${command}" was answered, and is not in the log` })),
  ];
}

function faultsOfReader(where: string, reader: Reader): Fault[] {
  const visible = new Map(reader.visible.map((sight) => [sight.id, sight.offset]));
  const seen = new Set<string>();
  const faults: Fault[] = [];
  let last = 0;
  for (const { offset, id } of reader.seen) {
    if (visible.get(id) !== offset) faults.push({ kind: "foreign", where, what: `${id} at offset ${offset} is none of what it may see` });
    else if (seen.has(id)) faults.push({ kind: "doubled", where, what: `offset ${offset} again` });
    else if (offset < last) faults.push({ kind: "inverted", where, what: `offset ${offset} behind ${last}` });
    seen.add(id);
    last = Math.max(last, offset);
  }
  const owed = reader.visible.filter((sight) => sight.offset <= Math.max(reader.until, last));
  for (const sight of owed) {
    if (!seen.has(sight.id) && !replaced(reader, sight)) faults.push({ kind: "lost", where, what: `offset ${sight.offset} never came` });
  }
  return faults;
}

/** Whether a later event with the same key lay before the head when the reader came back. */
function replaced({ joins = [], visible }: Reader, { offset, key }: Sight): boolean {
  return joins.some(({ after, head }) => {
    const later = (other: Sight): boolean => other.key === key && other.offset > offset && other.offset <= head;
    return key !== undefined && offset > after && visible.some(later);
  });
}
