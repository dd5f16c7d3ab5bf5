"""When stored objects should move to colder storage classes. Nothing here deletes, restores or expires objects."""
