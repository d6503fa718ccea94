"""Power cuts: the state folder's real writers are recorded, and the record is played onto a disk that forgets."""
