"""In place of the library by which picamera2 writes raw pictures to files. The box never does."""
