"""The studio: a clone is made here. Media of a person go in; a face, clips and test renders come out."""
