/** The files of a drop, those in dropped folders included; in the order of their names. */
export async function gather(data: DataTransfer): Promise<File[]> {
  // Entries have to be taken before the first pause: afterwards the browser has emptied the list.
  const entries = [...data.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const found = await Promise.all(
    entries.map((entry) =>
      entry === null ? [] : entry instanceof File ? [entry] : walk(entry as FileSystemEntry),
    ),
  );
  return essaysAmong(found.flat());
}

/** Without what systems leave in folders, in the order of their names. */
export function essaysAmong(files: Iterable<File>): File[] {
  const order = new Intl.Collator("sv", { numeric: true });
  return [...files]
    .filter((file) => !isLitter(file.webkitRelativePath || file.name))
    .sort((a, b) => order.compare(a.name, b.name));
}

/** Hidden files, locks of open documents, thumbnails: nobody means to hand those in. */
export function isLitter(path: string): boolean {
  return path
    .split("/")
    .some(
      (part) =>
        part.startsWith(".") ||
        part.startsWith("~$") ||
        part === "__MACOSX" ||
        /^(thumbs\.db|desktop\.ini)$/i.test(part),
    );
}

export function isArchive(file: File): boolean {
  return /\.zip$/i.test(file.name);
}

async function walk(entry: FileSystemEntry): Promise<File[]> {
  if (isLitter(entry.name)) return [];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [file];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    // A reader gives at most a hundred at a time, and nothing when it has given all.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const each of some) found.push(...(await walk(each)));
  }
}
