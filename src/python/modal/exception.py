"""Modal's exceptions, by the same names and with the same bases."""


class Error(Exception):
    """Base class of Modal's errors."""


class AlreadyExistsError(Error):
    """A resource that was to be created exists already."""


class AuthError(Error):
    """The credentials are missing or wrong."""


class ClientClosed(Error):
    """The client was closed."""


class ConnectionError(Error):
    """The server cannot be reached."""


class DataLossError(Error):
    """Data is lost or corrupted."""


class DeserializationError(Error):
    """Bytes cannot be read back as a value."""


class ExecutionError(Error):
    """Something is used in a place or at a time where it cannot work."""


class FilesystemExecutionError(Error):
    """A file operation of a container failed."""


class InternalError(Error):
    """The server failed."""


class InternalFailure(Error):
    """An input failed for a reason outside of user code; it may be tried again."""


class InvalidError(Error):
    """Something is used wrongly."""


class ConflictError(InvalidError):
    """Two changes exclude each other."""


class LogsFetchError(Error):
    """Logs cannot be fetched."""


class NotFoundError(Error):
    """A resource does not exist."""


class PermissionDeniedError(Error):
    """The credentials do not allow this."""


class RemoteError(Error):
    """A function failed elsewhere, and its own exception cannot be raised here."""


class ImageBuildError(RemoteError):
    """An image cannot be built."""


class RequestSizeError(Error):
    """A request is too large."""


class ResourceExhaustedError(Error):
    """A quota or rate limit is reached."""


class SandboxFilesystemError(Error):
    """A file operation of a sandbox failed."""


class SandboxFilesystemNotFoundError(SandboxFilesystemError):
    """No such file."""


class SandboxFilesystemDirectoryNotEmptyError(SandboxFilesystemError):
    """The directory is not empty."""


class SandboxFilesystemIsADirectoryError(SandboxFilesystemError):
    """A file is needed, and this is a directory."""


class SandboxFilesystemNotADirectoryError(SandboxFilesystemError):
    """A directory is needed, and this is a file."""


class SandboxFilesystemPermissionError(SandboxFilesystemError):
    """The file's permissions do not allow this."""


class SandboxFilesystemFileTooLargeError(SandboxFilesystemError):
    """The file is too large."""


class SandboxFilesystemPathAlreadyExistsError(SandboxFilesystemError):
    """The path exists already."""


class SandboxTerminatedError(Error):
    """The sandbox was terminated."""


class SerializationError(Error):
    """A value cannot be turned into bytes."""


class ServiceError(Error):
    """The server cannot answer at the moment."""


class SnapshotCreationError(Error):
    """A snapshot cannot be made."""


class TimeoutError(Error):
    """Base class of Modal's timeouts. Not Python's own `TimeoutError`."""


class ExecTimeoutError(TimeoutError):
    """A container process took too long."""


class FunctionTimeoutError(TimeoutError):
    """A function ran longer than its timeout."""


class InteractiveTimeoutError(TimeoutError):
    """An interactive client took too long."""


class MountUploadTimeoutError(TimeoutError):
    """An upload took too long."""


class OutputExpiredError(TimeoutError):
    """The output is no longer stored."""


class SandboxTimeoutError(TimeoutError):
    """A sandbox ran longer than its timeout."""


class VolumeUploadTimeoutError(TimeoutError):
    """An upload took too long."""


class UnimplementedError(Error):
    """The server does not do this."""


class VersionError(Error):
    """The client's version does not fit the server's."""


class WorkspaceManagementError(Error):
    """A workspace cannot be changed."""


class DeprecationError(UserWarning):
    """Something is used that Modal has removed."""


class ServerWarning(UserWarning):
    """The server has something to say."""


class AsyncUsageWarning(UserWarning):
    """A blocking method is called in an event loop."""


class InputCancellation(BaseException):
    """Raised in the running function when its input is cancelled.

    Not an `Exception`, so that `except Exception` in user code does not keep a cancelled input alive.
    """
