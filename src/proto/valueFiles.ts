/**
 * Large values as files, which the engine has in its data folder. A client on the same machine writes and reads them there itself: its
 * messages only name them. That costs a tenth of sending them. Such a client says so, so that others get what they can read.
 */

/** From this size on a value is a file: a database would write it twice, to its log and to its pages. For small ones a file costs more. */
export const FILE_BYTES = 64 * 1024;

/** Above this size a result is a blob, which is fetched when somebody wants it; up to it, it comes with the answer. Modal's own number. */
export const INLINE_BYTES = 2 * 1024 * 1024;

/** In the data folder: the files of calls, by id; they never change. */
export const PAYLOADS_FOLDER = "payloads";
/** In the data folder: files that no call has taken yet, by id. */
export const UPLOADS_FOLDER = "uploads";

/** The name of such a file, which is the id of the blob. */
export const BLOB_ID = /^bl-\w{22}$/;

/** A header that every request has anyway, since each one costs time. */
export const LIBRARY_HEADER = "x-modal-libmodal-version";
/** Its end, when the client reads files. */
export const READS_FILES = "+files";
